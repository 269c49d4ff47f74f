"""What makes moto's EC2 the lab's."""
