using SwarmOps.Galera.Workload;

namespace SwarmOps.Tests.Unit.Galera;

/// <summary>What is read from a server's log of conflicts.</summary>
public sealed class ConflictTextTests
{
    private const string Abort = """
        *** Priority TRANSACTION:
        TRANSACTION 841845, ACTIVE 0 sec starting index read
        mysql tables in use 1, locked 1
        MySQL thread id 1, OS thread handle 1, query id 5 Update_rows_log_event::find_row(179653)

        *** Victim TRANSACTION:
        TRANSACTION 841844, ACTIVE 0 sec
        2 lock struct(s), heap size 360, 2 row lock(s), undo log entries 1
        MariaDB thread id 5524, OS thread handle 2, query id 9 192.0.2.1 root closing tables
        update stock set note = 'it''s "me"', n = n - 12
          where id = 7
        *** WAITING FOR THIS LOCK TO BE GRANTED:
        RECORD LOCKS space id 5 page no 3 n bits 72 index PRIMARY of table `shop`.`sto``ck` trx id 841844 lock_mode X
        Record lock, heap no 1 PHYSICAL RECORD: n_fields 1; compact format; info bits 0
         0: len 8; hex 73757072656d756d; asc supremum;;

        Record lock, heap no 2 PHYSICAL RECORD: n_fields 4; compact format; info bits 0
         0: len 4; hex 80000007; asc     ;;
         1: len 6; hex 00000000055e; asc      ^;;

        2026-01-02  3:04:05 1 [Note] WSREP: cluster conflict due to high priority abort for threads:
        2026-01-02  3:04:05 1 [Note] WSREP: Victim thread:
           THD: 5524, mode: local, state: executing, conflict: no conflict, seqno: -1
           SQL: update stock set n = 1
        """;

    private const string Failure = """
        2026-01-02  3:04:06 9 [Note] WSREP: cluster conflict due to certification failure for threads:
        2026-01-02  3:04:06 9 [Note] WSREP: Victim thread:
           THD: 9, mode: local, state: executing, conflict: cert failure, seqno: 179664
           SQL: COMMIT
        """;

    [Fact]
    public void An_abort_names_table_index_key_and_statement_without_values()
    {
        var conflict = Assert.Single(ConflictText.Read("eu", Abort));

        Assert.Equal(
            ("eu", "shop", "sto`ck", "PRIMARY", "0x80000007", 1),
            (conflict.Node, conflict.Database, conflict.Table, conflict.Index, conflict.Row, conflict.Count)
        );
        Assert.Equal("update stock set note = ?, n = n - ? where id = ?", conflict.Statement);
    }

    [Fact]
    public void Later_versions_log_only_the_statement_which_names_table_and_row()
    {
        const string log = """
            2026-11-30 11:53:58 1 [Note] WSREP: cluster conflict due to high priority abort for threads:
            2026-11-30 11:53:58 1 [Note] WSREP: Winning thread: 
               THD: 1, mode: high priority, state: exec, conflict: executing, seqno: 667
               SQL: UPDATE work.other SET n = n - 1 WHERE id = 1?ck
            2026-11-30 11:53:58 1 [Note] WSREP: Victim thread: 
               THD: 58, mode: local, state: exec, conflict: certifying, seqno: -1
               SQL: UPDATE work.stock SET n = n + 1 WHERE id = 7 AND name = 'x' LIMIT 1
            2026-11-30 11:53:58 1 [Note] WSREP: context: ./storage/innobase/handler/ha_innodb.cc:18834
            """;

        var conflict = Assert.Single(ConflictText.Read("eu", log));

        Assert.Equal(("work", "stock", null, "id = 7 AND name = ?"), (conflict.Database, conflict.Table, conflict.Index, conflict.Row));
        Assert.Equal("UPDATE work.stock SET n = n + ? WHERE id = ? AND name = ? LIMIT ?", conflict.Statement);
    }

    [Theory]
    [InlineData("insert ignore into `stock` values (1)", null, "stock")]
    [InlineData("INSERT INTO stock (id) VALUES (1)", null, "stock")]
    [InlineData("DELETE FROM `shop`.`stock` WHERE id = 1", "shop", "stock")]
    [InlineData("REPLACE stock VALUES (1)", null, "stock")]
    [InlineData("COMMIT", null, null)]
    [InlineData("(null)", null, null)]
    public void The_table_is_the_one_that_the_statement_changes(string statement, string? database, string? table)
    {
        var conflict = Assert.Single(
            ConflictText.Read(
                "eu",
                $"[Note] WSREP: cluster conflict due to certification failure for threads:\n[Note] WSREP: Victim thread:\n   THD: 1\n   SQL: {statement}"
            )
        );

        Assert.Equal((database, table), (conflict.Database, conflict.Table));
    }

    [Fact]
    public void The_same_conflict_is_counted_and_the_most_frequent_comes_first()
    {
        var conflicts = ConflictText.Read("eu", string.Join('\n', Failure, Abort, Abort.ReplaceLineEndings("\r\n"), Abort));

        Assert.Equal(
            [("sto`ck", 3, null), (null, 1, "COMMIT")],
            conflicts.Select(conflict => (conflict.Table, conflict.Count, conflict.Table is null ? conflict.Statement : null))
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-02 [Note] WSREP: Member 0 synced with group.")]
    public void Without_conflicts_there_are_none(string log) => Assert.Empty(ConflictText.Read("eu", log));

    [Theory]
    [InlineData("*** Victim TRANSACTION:")]
    [InlineData("*** Victim TRANSACTION:\nTRANSACTION 1, ACTIVE 0 sec\nMySQL thread id 5")]
    [InlineData("[Note] WSREP: cluster conflict due to certification failure for threads:")]
    public void A_conflict_that_is_cut_off_still_counts(string log)
    {
        var conflict = Assert.Single(ConflictText.Read("eu", log));

        Assert.Equal((1, null, null), (conflict.Count, conflict.Table, conflict.Statement));
    }

    [Theory]
    [InlineData("(null)", null)]
    [InlineData("", null)]
    [InlineData("INSERT INTO t1 VALUES (1,-2.5,'a\\'b',\"c\",0xFF)", "INSERT INTO t1 VALUES (?,-?,?,?,?)")]
    [InlineData("SELECT * FROM `t2` WHERE a2 = 'open", "SELECT * FROM `t2` WHERE a2 = ?")]
    public void No_value_of_a_statement_is_shown(string statement, string? shown) => Assert.Equal(shown, ConflictText.Normalize(statement));
}
