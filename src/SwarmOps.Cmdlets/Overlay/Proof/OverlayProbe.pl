# Proves the data path of an overlay network from inside a container on it. Needs perl-base alone.
#   serve SECONDS               echoes UDP and answers TCP, and ends by itself
#   test ADDRESS=NAME ...       tries all peers at once; a line a peer: address, sent, received, least round trip in ms, UDP, TCP,
#                               interface's MTU, largest packet that passed, whether the name gives the address
use strict;
use warnings;
use Errno qw(EINPROGRESS);
use Fcntl;
use IO::Select;
use Socket;
use Time::HiRes qw(time sleep);

my $port = 17946;
# In place of a packet's size: an echo that is not counted.
my $greeting = 1;
my ($mode, @words) = @ARGV;
$mode eq 'serve' ? serve(@words) : test(@words);

sub serve {
    my ($life) = @_;
    # The first process of a container ignores signals that it does not handle.
    $SIG{TERM} = sub { exit 0 };
    alarm $life;
    $SIG{ALRM} = sub { exit 0 };
    socket(my $udp, AF_INET, SOCK_DGRAM, 0) or die;
    bind($udp, pack_sockaddr_in($port, INADDR_ANY)) or die;
    socket(my $tcp, AF_INET, SOCK_STREAM, 0) or die;
    bind($tcp, pack_sockaddr_in($port, INADDR_ANY)) or die;
    listen($tcp, 128) or die;
    my $select = IO::Select->new($udp, $tcp);
    while (1) {
        for my $ready ($select->can_read(5)) {
            if ($ready == $udp) {
                my $from = recv($udp, my $data, 2048, 0);
                send($udp, $data, 0, $from) if defined $from;
            } elsif (accept(my $client, $tcp)) {
                close $client;
            }
        }
    }
}

sub test {
    my @peers = map {
        my ($address, $name) = split /=/, $_, 2;
        { address => $address, packed => inet_aton($address), name => $name, received => 0, sent => 0, full => 0 }
    } @_;
    my %by = map { $_->{address} => $_ } @peers;
    my $mtu = mtu_towards($peers[0]{address});
    my @sizes = map { $mtu - $_ } 0, 20, 30, 50, 80, 100, 130, 180, 250, 400;

    socket(my $icmp, AF_INET, SOCK_RAW, 1) or die "raw socket: $!";
    # ICMP_FILTER of linux/icmp.h: the peers' own requests would fill the buffer.
    setsockopt($icmp, 255, 1, pack('L', ~1 & 0xffffffff));
    socket(my $udp, AF_INET, SOCK_DGRAM, 0) or die;
    my $dns = resolver();
    my $select = IO::Select->new($icmp, $udp, $dns);
    my %tcp;

    # A new probe's peers are learned by gossip, and its first packets wait for that or are lost: each peer is greeted until it answers, or the time for
    # that is over. Only then the echoes that count are sent.
    my $start = time;
    my ($latest, $end) = ($start + 1.5, $start + 3.5);
    my @asks = map { $start + $_ } 0, 0.1, 0.3, 0.7, 1.5, 2.5;
    while ((my $now = time) < $end) {
        if (@asks && $now >= $asks[0]) {
            shift @asks;
            ask_name($dns, $_, $peers[$_]{name}) for grep { !$peers[$_]{resolved} } 0 .. $#peers;
        }
        for my $peer (@peers) {
            if (!$peer->{rounds}) {
                if ($peer->{met} || $now >= $latest) {
                    $peer->{rounds} = [map { $now + $_ } 0, 0.1, 0.2, 0.3];
                    start_tcp(\%tcp, $peer);
                } elsif ($now >= ($peer->{greeted} || 0) + 0.05) {
                    $peer->{greeted} = $now;
                    send_echo($icmp, $peer, 56, $greeting);
                }
            }
            if (@{ $peer->{rounds} || [] } && $now >= $peer->{rounds}[0]) {
                shift @{ $peer->{rounds} };
                send_round($icmp, $udp, $peer, \@sizes);
                # Read in between: the answers of 29 peers do not fit into a socket's buffer.
                read_answers($icmp, $udp, $dns, $select, \%by, \@peers, 0.002);
            }
        }
        read_answers($icmp, $udp, $dns, $select, \%by, \@peers, 0.01);
        finish_tcp(\%tcp);
        last if !grep { !complete($_, $mtu) } @peers;
    }

    for my $peer (@peers) {
        print join("\t", 'peer', $peer->{address}, $peer->{sent}, $peer->{received}, defined $peer->{rtt} ? sprintf('%.3f', $peer->{rtt} * 1000) : '-',
            $peer->{udp} ? 1 : 0, $peer->{tcp} ? 1 : 0, $mtu, $peer->{full}, $peer->{resolved} ? 1 : 0), "\n";
    }
    print "end\n";
}

sub complete {
    my ($peer, $mtu) = @_;
    return $peer->{rounds} && !@{ $peer->{rounds} } && $peer->{received} == $peer->{sent} && $peer->{udp} && $peer->{tcp} && $peer->{full} == $mtu
        && $peer->{resolved};
}

sub start_tcp {
    my ($tcp, $peer) = @_;
    socket(my $stream, AF_INET, SOCK_STREAM, 0) or return;
    fcntl($stream, F_SETFL, fcntl($stream, F_GETFL, 0) | O_NONBLOCK);
    $tcp->{ fileno $stream } = [$stream, $peer];
    connect($stream, pack_sockaddr_in($port, $peer->{packed}));
}

sub send_round {
    my ($icmp, $udp, $peer, $sizes) = @_;
    my $is_first = !$peer->{sent};
    $peer->{sent}++ if send_echo($icmp, $peer, 56, 0);
    # The smaller sizes are for where the full one does not pass.
    my @tried = $peer->{full} == $sizes->[0] ? () : $is_first ? $sizes->[0] : @$sizes;
    # Not fragmented: what does not fit is lost, as it would be for TCP.
    send_echo($icmp, $peer, $_ - 28, $_, 2) for @tried;
    send($udp, 'probe', 0, pack_sockaddr_in($port, $peer->{packed}));
}

# IP_MTU_DISCOVER: 0 lets packets be fragmented, 2 does not.
sub send_echo {
    my ($icmp, $peer, $length, $size, $discover) = @_;
    setsockopt($icmp, 0, 10, pack('i', $discover || 0));
    return send($icmp, echo_request($length, $size), 0, pack_sockaddr_in(0, $peer->{packed}));
}

# The payload carries when it was sent, and how large the packet is.
sub echo_request {
    my ($length, $size) = @_;
    my $payload = pack('d N', time, $size);
    $payload .= "\0" x ($length - length $payload);
    my $head = pack('C C n n n', 8, 0, 0, $$ & 0xffff, 1);
    return pack('C C n n n', 8, 0, checksum($head . $payload), $$ & 0xffff, 1) . $payload;
}

sub checksum {
    my ($data) = @_;
    my $sum = unpack('%32n*', length($data) % 2 ? "$data\0" : $data);
    $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
    return ~$sum & 0xffff;
}

sub read_answers {
    my ($icmp, $udp, $dns, $select, $by, $peers, $wait) = @_;
    for my $ready ($select->can_read($wait)) {
        while (defined(my $from = recv($ready, my $data, 2048, MSG_DONTWAIT))) {
            if ($ready == $dns) {
                take_name($peers, $data);
                next;
            }
            my $peer = $by->{ inet_ntoa((unpack_sockaddr_in($from))[1]) } or next;
            $ready == $udp ? $peer->{udp} = 1 : take_echo($peer, $data);
        }
    }
}

sub take_echo {
    my ($peer, $data) = @_;
    my $body = substr $data, (ord($data) & 15) * 4;
    my ($type, undef, undef, $id) = unpack('C C n n', $body);
    return unless $type == 0 && $id == ($$ & 0xffff);
    $peer->{met} = 1;
    my ($sent, $size) = unpack('d N', substr $body, 8);
    return if $size == $greeting;
    if ($size) {
        $peer->{full} = $size if $size > $peer->{full};
        return;
    }
    $peer->{received}++;
    my $took = time - $sent;
    $peer->{rtt} = $took if !defined $peer->{rtt} || $took < $peer->{rtt};
}

sub finish_tcp {
    my ($tcp) = @_;
    my $bits = '';
    vec($bits, $_, 1) = 1 for keys %$tcp;
    return unless %$tcp && select(undef, $bits, undef, 0) > 0;
    for my $number (grep { vec($bits, $_, 1) } keys %$tcp) {
        my ($stream, $peer) = @{ delete $tcp->{$number} };
        $peer->{tcp} = 1 unless unpack('i', getsockopt($stream, SOL_SOCKET, SO_ERROR));
        close $stream;
    }
}

# The engine's resolver is asked directly, for all names at once: a name that nobody knows can take it seconds.
sub resolver {
    my $server = '127.0.0.11';
    if (open(my $file, '<', '/etc/resolv.conf')) {
        my ($named) = map { /^nameserver\s+([0-9.]+)\s*$/ ? $1 : () } <$file>;
        $server = $named if $named;
    }
    socket(my $dns, AF_INET, SOCK_DGRAM, 0) or die;
    connect($dns, pack_sockaddr_in(53, inet_aton($server)));
    return $dns;
}

# A query for the name's IPv4 addresses (RFC 1035, 4.1), numbered by its peer.
sub ask_name {
    my ($dns, $number, $name) = @_;
    my $labels = join '', map { pack('C/a*', $_) } split /\./, $name;
    send($dns, pack('n6', $number, 0x0100, 1, 0, 0, 0) . $labels . pack('C n n', 0, 1, 1), 0);
}

sub take_name {
    my ($peers, $data) = @_;
    return if length $data < 12;
    my ($number, undef, $questions, $answers) = unpack('n4', $data);
    my $peer = $peers->[$number] or return;
    my $at = 12;
    for (1 .. $questions) { $at = after_name($data, $at) + 4 }
    for (1 .. $answers) {
        $at = after_name($data, $at);
        return if $at + 10 > length $data;
        my ($type, undef, undef, $length) = unpack('n n N n', substr $data, $at, 10);
        $peer->{resolved} = 1 if $type == 1 && substr($data, $at + 10, $length) eq $peer->{packed};
        $at += 10 + $length;
    }
}

# A name ends with an empty label or with a pointer.
sub after_name {
    my ($data, $at) = @_;
    while ($at < length $data) {
        my $length = ord substr $data, $at, 1;
        return $at + 2 if $length >= 192;
        $at += 1 + $length;
        last if !$length;
    }
    return $at;
}

sub mtu_towards {
    my ($address) = @_;
    my $wanted = unpack 'V', inet_aton($address);
    open(my $routes, '<', '/proc/net/route') or return 1500;
    while (<$routes>) {
        my ($interface, $network, undef, undef, undef, undef, undef, $mask) = split;
        next unless $network =~ /^[0-9A-F]{8}$/ && hex $mask && ($wanted & hex $mask) == hex $network;
        open(my $file, '<', "/sys/class/net/$interface/mtu") or return 1500;
        chomp(my $mtu = <$file>);
        return $mtu;
    }
    return 1500;
}
