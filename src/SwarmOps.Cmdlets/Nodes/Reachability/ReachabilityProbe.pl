# The part of the reachability probe that runs on a node, sent to "perl -" on its standard input.
# It needs perl-base alone, which is Essential on Debian and Ubuntu, and leaves nothing behind: no file, and its responder ends by itself.
# What to do follows after __DATA__, a line a word: "mode listen", "mode probe" or "mode collect" (see ProbeScript.cs).
# Answers are lines of fields parted by tabs.
use strict;
use warnings;
use Errno qw(EINPROGRESS EADDRINUSE EINTR EAGAIN ESRCH);
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
use POSIX ();
use Socket qw(:DEFAULT inet_pton SOL_SOCKET SO_ERROR SO_REUSEADDR SOMAXCONN AF_INET6 pack_sockaddr_in6 IPPROTO_IPV6 IPV6_V6ONLY);

my $ESP = 50;     # IP protocol number (RFC 4303)
my $UDP = 17;     # IP protocol number (RFC 768)
my $TICKS = POSIX::sysconf(&POSIX::_SC_CLK_TCK);
my %plan = (listen => [], target => [], expect => []);
$SIG{PIPE} = 'IGNORE';
$| = 1;

while (my $line = <DATA>) {
    chomp $line;
    my ($word, @rest) = split / /, $line;
    next unless defined $word;
    if (ref $plan{$word}) { push @{$plan{$word}}, \@rest }
    else { $plan{$word} = $rest[0] }
}

my %modes = (listen => \&listen_mode, probe => \&probe_mode, collect => \&collect_mode);
$modes{$plan{mode}}->();

# Seconds since some moment, monotonic; perl-base has no Time::HiRes.
sub now { return (POSIX::times())[0] / $TICKS }

sub say_line { print join("\t", @_), "\n" }

sub nonblocking {
    my ($socket) = @_;
    fcntl($socket, F_SETFL, fcntl($socket, F_GETFL, 0) | O_NONBLOCK);
    return $socket;
}

# The responder's address for its own probe only: in the network namespace, not in the file system.
sub control_address { return pack_sockaddr_un("\0swarmops-$plan{session}") }

# What every packet carries: a first word that VXLAN, ESP and gossip all throw away, then who sent it.
sub nonce { return pack('N N', 0x00000100, 1) . "swarmops $plan{session} $_[0] " }

sub seen_in {
    my ($packet) = @_;
    return $packet =~ /swarmops \Q$plan{session}\E (\d+) / ? $1 : undef;
}

# ---- listen: takes the ports that are free, and answers in the background until it is collected or its life ends.

sub listen_mode {
    my $watched = client();
    my (@tcp, @udp, @raw);
    foreach my $wanted (@{$plan{listen}}) {
        my ($protocol, $port) = @$wanted;
        if ($protocol eq 'esp') {
            my @open = grep { defined } raw_socket(AF_INET, $ESP), raw_socket(AF_INET6, $ESP);
            push @raw, @open;
            say_line('esp', 0, @open ? 'own' : 'denied');
            next;
        }
        my ($socket, $error) = bound($protocol, $port);
        push @{$protocol eq 'tcp' ? \@tcp : \@udp}, $socket if $socket;
        say_line($protocol, $port, $socket ? 'own' : $error == EADDRINUSE ? 'taken' : 'denied');
    }
    # A raw socket sees the packets to a port that an engine or the kernel holds, after the host's own firewall.
    my @sniffers = (grep { $_->[0] eq 'udp' } @{$plan{listen}}) ? grep { defined } raw_socket(AF_INET, $UDP), raw_socket(AF_INET6, $UDP) : ();
    say_line('raw', 0, @sniffers ? 'own' : 'denied');
    push @raw, @sniffers;

    my $control;
    socket($control, AF_UNIX, SOCK_STREAM, 0) && bind($control, control_address()) && listen($control, 1) or die "control socket: $!\n";
    my $child = fork();
    die "fork: $!\n" unless defined $child;
    if ($child) {
        say_line('ready', $child);
        POSIX::_exit(0);
    }
    POSIX::setsid();
    open(STDIN, '<', '/dev/null');
    open(STDOUT, '>', '/dev/null');
    open(STDERR, '>', '/dev/null');
    chdir '/';
    serve($control, $watched, \@tcp, \@udp, \@raw);
    POSIX::_exit(0);
}

# The process that stands for whoever asked: sshd's for this connection. When it ends, nobody will collect any more.
sub client {
    my $pid = getppid();
    while (my ($name, $parent) = process($pid)) {
        die "the connection has ended\n" if $name =~ /^(?:systemd|init)$/;
        return $pid unless $name =~ /^(?:sh|dash|bash|perl|sudo)$/;
        $pid = $parent;
    }
    return $pid;
}

sub process {
    my ($pid) = @_;
    open(my $file, '<', "/proc/$pid/stat") or return ();
    return <$file> =~ /\((.*)\) \S (\d+)/;
}

sub is_alive { return kill(0, $_[0]) || $! != ESRCH }

sub raw_socket {
    my ($family, $protocol) = @_;
    my $socket;
    return socket($socket, $family, SOCK_RAW, $protocol) ? nonblocking($socket) : undef;
}

# A socket on all addresses, of both families where the kernel has both.
sub bound {
    my ($protocol, $port) = @_;
    my $type = $protocol eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM;
    my $error;
    foreach my $family (AF_INET6, AF_INET) {
        next unless socket(my $socket, $family, $type, 0);
        setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1) if $protocol eq 'tcp';
        setsockopt($socket, IPPROTO_IPV6, IPV6_V6ONLY, 0) if $family == AF_INET6;
        my $address = $family == AF_INET6 ? pack_sockaddr_in6($port, "\0" x 16) : pack_sockaddr_in($port, INADDR_ANY);
        if (bind($socket, $address) && ($protocol eq 'udp' || listen($socket, SOMAXCONN))) {
            return nonblocking($socket);
        }
        $error = $! + 0;
        last if $error == EADDRINUSE;
    }
    return (undef, $error || 0);
}

sub serve {
    my ($control, $watched, $tcp, $udp, $raw) = @_;
    my $end = now() + $plan{life};
    my (%seen, $asker, $asked, @expected, $ask_end);
    while (now() < $end && is_alive($watched)) {
        my $read = '';
        vec($read, fileno $_, 1) = 1 foreach $control, @$tcp, @$udp, @$raw;
        my $pause = (defined $ask_end ? $ask_end : $end) - now();
        $pause = 0.5 if $pause > 0.5;
        $pause = 0 if $pause < 0;
        select($read, undef, undef, $pause);
        foreach my $listener (@$tcp) {
            while (accept(my $peer, $listener)) {
                syswrite($peer, "swarmops $plan{session} $plan{node}\n");
                shutdown($peer, 1);
            }
        }
        foreach my $socket (@$udp, @$raw) {
            while (defined recv($socket, my $packet, 2048, 0)) {
                my $id = seen_in($packet);
                $seen{$id} = 1 if defined $id;
            }
        }
        if (!$asker && vec($read, fileno $control, 1) && accept($asker, $control)) {
            $asked = <$asker>;
            my ($patience, @ids) = split / /, $asked || 0;
            @expected = grep { /\d/ } @ids;
            $ask_end = now() + $patience;
        }
        if ($asker && (now() >= $ask_end || !grep { !$seen{$_ + 0} } @expected)) {
            syswrite($asker, join(' ', sort { $a <=> $b } keys %seen) . "\n");
            return;
        }
    }
}

# ---- collect: what reached this node's responder, which then ends.

sub collect_mode {
    my $control;
    socket($control, AF_UNIX, SOCK_STREAM, 0) && connect($control, control_address()) or do { say_line('gone'); return };
    syswrite($control, join(' ', $plan{patience}, map { $_->[0] } @{$plan{expect}}) . "\n");
    my $answer = <$control>;
    unless (defined $answer) { say_line('gone'); return }
    say_line('seen', $_) foreach grep { /\d/ } split /\s+/, $answer;
    say_line('collected');
}

# ---- probe: tries every target at once.

sub probe_mode {
    my (@tcp, @udp, %esp);
    foreach my $target (@{$plan{target}}) {
        my ($id, $protocol, $address, $port, $peer) = @$target;
        my $family = $address =~ /:/ ? AF_INET6 : AF_INET;
        my $packed = inet_pton($family, $address);
        my $to = $family == AF_INET6 ? pack_sockaddr_in6($port, $packed) : pack_sockaddr_in($port, $packed);
        if ($protocol eq 'tcp') { push @tcp, start_tcp($id, $family, $to, $peer) }
        elsif ($protocol eq 'udp') { push @udp, start_udp($id, $family, $to) }
        else { push @udp, start_esp($id, $family, $to, \%esp) }
    }
    send_copies(\@tcp, grep { $_->{socket} } @udp);
    watch_tcp(\@tcp, now() + $plan{timeout});
    finish_udp($_) foreach grep { $_->{socket} } @udp;
    say_line('probed');
}

sub start_tcp {
    my ($id, $family, $to, $peer) = @_;
    my $try = { id => $id, peer => $peer, start => now(), heard => '' };
    socket($try->{socket}, $family, SOCK_STREAM, 0) or return failed($try, $!);
    nonblocking($try->{socket});
    connect($try->{socket}, $to) || $! == EINPROGRESS or return failed($try, $!);
    return $try;
}

sub start_udp {
    my ($id, $family, $to) = @_;
    my $try = { id => $id };
    socket($try->{socket}, $family, SOCK_DGRAM, 0) && connect($try->{socket}, $to) or return failed($try, $!);
    nonblocking($try->{socket});
    return $try;
}

sub start_esp {
    my ($id, $family, $to, $sockets) = @_;
    my $try = { id => $id, to => $to };
    $sockets->{$family} ||= raw_socket($family, $ESP);
    unless ($sockets->{$family}) { say_line('result', $id, 'denied', 0); return () }
    $try->{socket} = $sockets->{$family};
    return $try;
}

# A packet may be lost on the way: three of them, 0, 100 and 400 ms after the start.
sub send_copies {
    my ($tcp, @packets) = @_;
    foreach my $pause (0, 0.1, 0.3) {
        watch_tcp($tcp, now() + $pause, 1) if $pause;
        foreach my $try (@packets) {
            my $sent = $try->{to} ? send($try->{socket}, nonce($try->{id}), 0, zero_port($try->{to})) : send($try->{socket}, nonce($try->{id}), 0);
            $try->{error} = $! + 0 unless defined $sent;
        }
    }
}

# A raw socket takes its address with port 0.
sub zero_port {
    my ($to) = @_;
    substr($to, 2, 2) = "\0\0";
    return $to;
}

sub finish_udp {
    my ($try) = @_;
    if (!$try->{to} && !defined recv($try->{socket}, my $answer, 2048, 0) && $! != EAGAIN) { $try->{error} = $! + 0 }
    if ($try->{error}) { $! = $try->{error}; failed($try, $!) }
    else { say_line('result', $try->{id}, 'sent', 0) }
}

sub watch_tcp {
    my ($tries, $until, $whole) = @_;
    while (1) {
        my @open = grep { $_->{socket} } @$tries;
        last if now() >= $until || (!@open && !$whole);
        my ($read, $write) = ('', '');
        foreach my $try (@open) { vec($try->{connected} ? $read : $write, fileno $try->{socket}, 1) = 1 }
        my $count = select($read, $write, undef, $until - now());
        next if $count <= 0;
        foreach my $try (@open) {
            my $bit = fileno $try->{socket};
            if ($try->{connected}) { hear($try) if vec($read, $bit, 1) }
            elsif (vec($write, $bit, 1)) { connected($try) }
        }
    }
    return if $whole;
    foreach my $try (grep { $_->{socket} } @$tries) { done($try, $try->{connected} ? 'silent' : 'timeout') }
}

sub connected {
    my ($try) = @_;
    my $error = unpack('i', getsockopt($try->{socket}, SOL_SOCKET, SO_ERROR));
    if ($error) { $! = $error; failed($try, $!); return }
    $try->{connected} = 1;
    $try->{ms} = int((now() - $try->{start}) * 1000);
    done($try, 'open') if $try->{peer} eq '-';
}

# Our own responder says its name: another one, or none, means that the address leads to another machine.
sub hear {
    my ($try) = @_;
    my $count = sysread($try->{socket}, my $text, 256);
    return if !defined $count && ($! == EAGAIN || $! == EINTR);
    $try->{heard} .= $text if $count;
    return if $count && $try->{heard} !~ /\n/ && length $try->{heard} < 256;
    if ($try->{heard} =~ /^swarmops \Q$plan{session}\E (\d+)\n/) { done($try, $1 == $try->{peer} ? 'open' : "other:$1") }
    else { done($try, 'silent') }
}

sub done {
    my ($try, $what) = @_;
    say_line('result', $try->{id}, $what, $try->{ms} || 0);
    close $try->{socket};
    delete $try->{socket};
}

# Ends a try with the name of its error; the names are the same in every language.
sub failed {
    my ($try, $error) = @_;
    my ($name) = grep { $!{$_} } qw(ECONNREFUSED EHOSTUNREACH ENETUNREACH EACCES EPERM ETIMEDOUT ECONNRESET EAFNOSUPPORT EADDRNOTAVAIL EMSGSIZE);
    say_line('result', $try->{id}, 'error:' . ($name || $error + 0), 0);
    close $try->{socket} if $try->{socket} && !$try->{to};
    delete $try->{socket};
    return ();
}
