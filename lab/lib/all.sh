# shellcheck shell=bash
# Every part of the lab, in one place for the programs that use them.

# shellcheck source=lib/common.sh
. "$LAB_HOME/lib/common.sh"
# shellcheck source=lib/process.sh
. "$LAB_HOME/lib/process.sh"
# shellcheck source=lib/limits.sh
. "$LAB_HOME/lib/limits.sh"
# shellcheck source=lib/address.sh
. "$LAB_HOME/lib/address.sh"
# shellcheck source=lib/delay.sh
. "$LAB_HOME/lib/delay.sh"
# shellcheck source=lib/network.sh
. "$LAB_HOME/lib/network.sh"
# shellcheck source=lib/deps.sh
. "$LAB_HOME/lib/deps.sh"
# shellcheck source=lib/suite.sh
. "$LAB_HOME/lib/suite.sh"
# shellcheck source=lib/engine.sh
. "$LAB_HOME/lib/engine.sh"
# shellcheck source=lib/image.sh
. "$LAB_HOME/lib/image.sh"
# shellcheck source=lib/image-gdnsd.sh
. "$LAB_HOME/lib/image-gdnsd.sh"
# shellcheck source=lib/image-mariadb.sh
. "$LAB_HOME/lib/image-mariadb.sh"
# shellcheck source=lib/image-syncthing.sh
. "$LAB_HOME/lib/image-syncthing.sh"
# shellcheck source=lib/image-monitoring.sh
. "$LAB_HOME/lib/image-monitoring.sh"
# shellcheck source=lib/image-wordpress.sh
. "$LAB_HOME/lib/image-wordpress.sh"
# shellcheck source=lib/fault.sh
. "$LAB_HOME/lib/fault.sh"
# shellcheck source=lib/host.sh
. "$LAB_HOME/lib/host.sh"
# shellcheck source=lib/firewall.sh
. "$LAB_HOME/lib/firewall.sh"
# shellcheck source=lib/cloud.sh
. "$LAB_HOME/lib/cloud.sh"
# shellcheck source=lib/ec2.sh
. "$LAB_HOME/lib/ec2.sh"
# shellcheck source=lib/status.sh
. "$LAB_HOME/lib/status.sh"
# shellcheck source=lib/lifecycle.sh
. "$LAB_HOME/lib/lifecycle.sh"
# shellcheck source=lib/help.sh
. "$LAB_HOME/lib/help.sh"
# shellcheck source=lib/vm.sh
. "$LAB_HOME/lib/vm.sh"
