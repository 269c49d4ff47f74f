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
    my @peers = map { my ($address, $name) = split /=/, $_, 2; { address => $address, name => $name, received => 0, sent => 0, full => 0 } } @_;
    my %by = map { $_->{address} => $_ } @peers;
    my $mtu = mtu_towards($peers[0]{address});
    my @sizes = map { $mtu - $_ } 0, 20, 30, 50, 80, 100, 130, 180, 250, 400;
    my @names = start_names(@peers);

    socket(my $icmp, AF_INET, SOCK_RAW, 1) or die "raw socket: $!";
    # ICMP_FILTER of linux/icmp.h: the peers' own requests would fill the buffer.
    setsockopt($icmp, 255, 1, pack('L', ~1 & 0xffffffff));
    socket(my $udp, AF_INET, SOCK_DGRAM, 0) or die;
    my $select = IO::Select->new($icmp, $udp);
    my %tcp;
    for my $peer (@peers) {
        socket(my $stream, AF_INET, SOCK_STREAM, 0) or next;
        fcntl($stream, F_SETFL, fcntl($stream, F_GETFL, 0) | O_NONBLOCK);
        $tcp{ fileno $stream } = [$stream, $peer];
        connect($stream, pack_sockaddr_in($port, inet_aton($peer->{address})));
    }

    my $start = time;
    my @rounds = (0, 0.25, 0.5, 0.75);
    my $end = $start + 3.5;
    while (time < $end) {
        if (@rounds && time >= $start + $rounds[0]) {
            shift @rounds;
            # Read in between: the answers of 29 peers do not fit into a socket's buffer.
            for my $peer (@peers) {
                send_round($icmp, $udp, $peer, \@sizes);
                read_answers($icmp, $udp, $select, \%by, 0.002);
            }
        }
        read_answers($icmp, $udp, $select, \%by, 0.02);
        finish_tcp(\%tcp);
        last if !@rounds && !grep { !complete($_, $mtu) } @peers;
    }

    my %resolved = finish_names(@names);
    for my $peer (@peers) {
        print join("\t", 'peer', $peer->{address}, $peer->{sent}, $peer->{received}, defined $peer->{rtt} ? sprintf('%.3f', $peer->{rtt} * 1000) : '-',
            $peer->{udp} ? 1 : 0, $peer->{tcp} ? 1 : 0, $mtu, $peer->{full}, $resolved{ $peer->{name} } ? 1 : 0), "\n";
    }
    print "end\n";
}

sub complete {
    my ($peer, $mtu) = @_;
    return $peer->{received} == $peer->{sent} && $peer->{udp} && $peer->{tcp} && $peer->{full} == $mtu;
}

sub send_round {
    my ($icmp, $udp, $peer, $sizes) = @_;
    my $to = pack_sockaddr_in(0, inet_aton($peer->{address}));
    setsockopt($icmp, 0, 10, pack('i', 0));
    my $is_first = !$peer->{sent};
    $peer->{sent}++ if send($icmp, echo_request(56, 0), 0, $to);
    # Not fragmented: what does not fit is lost, as it would be for TCP.
    setsockopt($icmp, 0, 10, pack('i', 2));
    # The smaller sizes are for where the full one does not pass.
    my @tried = $peer->{full} == $sizes->[0] ? () : $is_first ? $sizes->[0] : @$sizes;
    send($icmp, echo_request($_ - 28, $_), 0, $to) for @tried;
    send($udp, 'probe', 0, pack_sockaddr_in($port, inet_aton($peer->{address})));
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
    my ($icmp, $udp, $select, $by, $wait) = @_;
    for my $ready ($select->can_read($wait)) {
        while (defined(my $from = recv($ready, my $data, 2048, MSG_DONTWAIT))) {
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
    my ($sent, $size) = unpack('d N', substr $body, 8);
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

# A name that nobody knows can take seconds: each is asked for beside the others.
sub start_names {
    return map {
        my $peer = $_;
        pipe(my $reader, my $writer) or die;
        my $child = fork;
        if (!$child) {
            alarm 3;
            my @found = gethostbyname $peer->{name};
            syswrite $writer, (grep { inet_ntoa($_) eq $peer->{address} } @found[4 .. $#found]) ? 'y' : 'n';
            require POSIX;
            POSIX::_exit(0);
        }
        close $writer;
        [$peer->{name}, $reader, $child];
    } @_;
}

sub finish_names {
    return map {
        my ($name, $reader, $child) = @$_;
        my $count = sysread $reader, my $answer, 1;
        waitpid $child, 0;
        ($name => $count && $answer eq 'y');
    } @_;
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
