// Most tests of EC2 and of the engine seam wait for an answer: a thread for each processor would leave the processors idle.
[assembly: CollectionBehavior(MaxParallelThreads = 6)]
