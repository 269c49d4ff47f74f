# Prints the position of a manager's raft log: term and index of its last entry, and the index up to which it is committed. $ARGV[0]: the engine's swarm directory.
# Only the framing is read, which is not encrypted; the entries' content is. Format: etcd, server/storage/wal (decoder.go, walpb/record.proto) and raft/v3/raftpb/raft.proto.
use strict;
use warnings;

my ($folder) = @ARGV;
my ($term, $index, $commit) = (0, 0, 0);

sub varint {
    my ($text, $place) = @_;
    my ($value, $shift) = (0, 0);
    while ($$place < length $$text) {
        my $byte = ord substr $$text, $$place++, 1;
        $value |= ($byte & 0x7f) << $shift;
        return $value if $byte < 0x80;
        $shift += 7;
    }
    return undef;
}

# The numbers of a protobuf message by field, and its texts.
sub fields {
    my ($text) = @_;
    my ($place, %found) = (0);
    while ($place < length $text) {
        my $tag = varint(\$text, \$place) // last;
        my $value = varint(\$text, \$place) // last;
        if (($tag & 7) == 2) {
            my $length = $value;
            $value = substr $text, $place, $length;
            $place += $length;
        }
        $found{$tag >> 3} = $value;
    }
    return \%found;
}

my @files = sort glob "$folder/raft/wal-v3-encrypted/*.wal";
die "no raft log in $folder\n" unless @files;
FILE: for my $file (@files) {
    open my $log, '<:raw', $file or die "$file: $!\n";
    while (read($log, my $head, 8) == 8) {
        my $field = unpack 'q<', $head;
        # The file is filled with zeros to its end.
        next FILE if $field == 0;
        my $length = $field & ((1 << 56) - 1);
        my $padding = $field < 0 ? ($field >> 56) & 7 : 0;
        next FILE unless read($log, my $record, $length) == $length;
        read $log, my $rest, $padding if $padding;
        my $parts = fields($record);
        my $type = $parts->{1} // 0;
        my $data = fields($parts->{3} // '');
        ($term, $index) = ($data->{2} // 0, $data->{3} // 0) if $type == 2;
        $commit = $data->{3} // $commit if $type == 3;
        ($index, $term) = ($data->{1} // 0, $data->{2} // 0) if $type == 5 && ($data->{1} // 0) > $index;
    }
}
print "position $term $index $commit\n";
