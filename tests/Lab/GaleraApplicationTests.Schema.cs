namespace SwarmOps.Tests.Lab;

/// <summary>A schema with each fault: each is found, on the right object, and what is right is not.</summary>
public sealed partial class GaleraApplicationTests
{
    /// <summary>What works with Galera: nothing may be found here.</summary>
    private const string Right = """
        CREATE DATABASE good; USE good;
        CREATE TABLE orders (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, note VARCHAR(200));
        CREATE TABLE pairs (a INT NOT NULL, b INT NOT NULL, UNIQUE (a, b));
        CREATE TABLE parts (id INT NOT NULL, day DATE NOT NULL, PRIMARY KEY (id, day)) PARTITION BY HASH (id) PARTITIONS 2;
        CREATE SEQUENCE steps INCREMENT BY 0 CACHE 1000;
        CREATE SEQUENCE ones NOCACHE;
        CREATE VIEW latest AS SELECT * FROM orders;
        CREATE PROCEDURE note (t TEXT) INSERT INTO orders (note) VALUES (CONCAT(t, 'LOCK TABLES orders WRITE; XA START'));
        CREATE TRIGGER clean BEFORE INSERT ON orders FOR EACH ROW SET NEW.note = TRIM(NEW.note);
        CALL note('hello');
        """;

    /// <summary>What does not.</summary>
    private const string Wrong = """
        CREATE DATABASE bad; USE bad;
        CREATE TABLE log (line VARCHAR(200));
        CREATE TABLE loose (a INT NULL, UNIQUE (a));
        CREATE TABLE counted (no TINYINT AUTO_INCREMENT PRIMARY KEY);
        INSERT INTO counted VALUES (120);
        CREATE TABLE parent (id INT PRIMARY KEY);
        CREATE TABLE child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES parent (id) ON DELETE CASCADE);
        CREATE TABLE `o``dd	name` (x INT);
        DELIMITER //
        CREATE PROCEDURE locks () BEGIN SELECT GET_LOCK('cron', 1); SELECT * FROM parent WHERE id = 1 FOR UPDATE; END //
        CREATE PROCEDURE quiet () BEGIN SET SESSION wsrep_on = OFF; DELETE FROM parent; END //
        CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM child WHERE id < 1 //
        DELIMITER ;
        """;

    /// <summary>What an application runs, with the database as its current one.</summary>
    private const string Application = """
        USE bad;
        XA START 'x'; INSERT INTO parent VALUES (1); XA END 'x'; XA ROLLBACK 'x';
        LOCK TABLES parent WRITE; UNLOCK TABLES;
        FLUSH TABLES parent WITH READ LOCK; UNLOCK TABLES;
        SELECT GET_LOCK('a', 0); SELECT RELEASE_LOCK('a');
        SELECT id FROM parent WHERE id = 1 FOR UPDATE;
        SELECT MAX(id) + 1 FROM parent;
        INSERT INTO parent SELECT seq FROM seq_1000_to_30000;
        """;

    [Fact]
    public async Task Each_fault_of_a_schema_is_found_on_its_object_and_what_is_right_is_not()
    {
        await FormAsync();
        await AssertStrictAsync();
        // What is refused in the strict mode was made before it was on. The mode is that of the node where a table is made.
        await SqlAsync(0, "SET GLOBAL wsrep_mode = ''");
        await SqlAsync(0, Right);
        await SqlAsync(
            0,
            " CREATE DATABASE old; CREATE TABLE old.cache (id INT PRIMARY KEY) ENGINE=MEMORY; CREATE TABLE old.search (id INT PRIMARY KEY) ENGINE=MyISAM;"
        );
        await SqlAsync(0, Wrong);
        await SqlAsync(1, Application, "-f");
        await SqlAsync(
            2,
            "SET SESSION wsrep_OSU_method = 'RSU'; ALTER TABLE bad.child ADD COLUMN extra INT; SET GLOBAL log_output = 'TABLE'; SET GLOBAL slow_query_log = ON;"
        );

        var found = Test("-Database bad, good, old");

        Assert.DoesNotContain(Problems(found), finding => finding.Database == "good");
        Assert.Equal(
            [
                "Fail AutoIncrementRange bad.counted",
                "Fail Engine old.cache",
                "Fail Engine old.search",
                "Fail LogOutput @us-west-1",
                "Fail PrimaryKey bad.log",
                "Fail PrimaryKey bad.loose",
                "Fail PrimaryKey bad.o`dd\tname",
                "Fail SchemaDiffers bad.child",
                "Fail UnreplicatedWrite bad.quiet",
                "Fail XaTransaction bad @us-east-1",
                "Warning AutoIncrementAssumed bad @us-east-1",
                "Warning EventNode bad.nightly",
                "Warning FlushTables bad @us-east-1",
                "Warning LargeTransaction bad @us-east-1",
                "Warning LargeTransaction bad.quiet",
                "Warning LockTables bad @us-east-1",
                "Warning NamedLock bad @us-east-1",
                "Warning NamedLock bad.locks",
                "Warning SelectForUpdate bad @us-east-1",
                "Warning SelectForUpdate bad.locks",
            ],
            Problems(found).Select(Words).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.All(Problems(found), finding => Assert.NotEqual("", finding.RecommendedAction));
        Assert.False((bool)session.Run("$n | Test-GaleraSchema -Quiet", ("n", nodes)).ThrowOnError().Objects.Single());

        // What is advised removes the finding.
        foreach (
            var action in Problems(found)
                .Where(finding => finding is { Check: "PrimaryKey", ObjectName: "log" })
                .Select(finding => finding.RecommendedAction)
        )
            await SqlAsync(0, action[action.IndexOf("ALTER", StringComparison.Ordinal)..].TrimEnd('.'));
        await SqlAsync(0, "ALTER TABLE old.search ENGINE=InnoDB");
        Assert.DoesNotContain(Problems(Test("-Database old, good")), finding => finding.ObjectName == "search");
        Assert.DoesNotContain(Problems(Test("-Database bad")), finding => finding is { Check: "PrimaryKey", ObjectName: "log" });

        Assert.Equal(["GaleraDatabaseNotFound"], session.Run("$n | Test-GaleraSchema -Database nosuch", ("n", nodes)).ErrorIds);
        await AssertAccountAsync();
        await SqlAsync(2, "SET GLOBAL slow_query_log = OFF; SET GLOBAL log_output = 'FILE';");
        await SqlAsync(
            0,
            "DROP DATABASE bad; DROP DATABASE good; DROP DATABASE old; SET GLOBAL wsrep_mode = 'STRICT_REPLICATION,REQUIRED_PRIMARY_KEY';"
        );

        IReadOnlyList<GaleraFinding> Test(string options) =>
            [.. session.Run($"$n | Test-GaleraSchema {options}", ("n", nodes)).ThrowOnError().Objects.Cast<GaleraFinding>()];

        async Task AssertAccountAsync()
        {
            await SqlAsync(0, "CREATE USER blind@'%' IDENTIFIED BY 'blind'; CREATE USER blind@localhost IDENTIFIED BY 'blind';");
            var line =
                "$c = [pscredential]::new('blind', (ConvertTo-SecureString $p -AsPlainText -Force)); $n | Test-GaleraSchema -RootCredential $c";
            var blind = session.Run(line, ("n", nodes), ("p", "blind")).ThrowOnError().Objects.Cast<GaleraFinding>().ToList();
            Assert.Equal(3, blind.Count(finding => finding is { Check: "Privileges", Result: FindingResult.NotTested }));
            Assert.Equal(["GaleraNotQueryable"], session.Run(line, ("n", nodes), ("p", "wrong")).ErrorIds);
        }
    }

    /// <summary>What is not replicated is refused, and what applications define is not.</summary>
    private async Task AssertStrictAsync()
    {
        Assert.Equal("STRICT_REPLICATION,REQUIRED_PRIMARY_KEY", (await SqlAsync(2, "SELECT @@wsrep_mode")).Trim());
        await SqlAsync(
            0,
            """
            CREATE DATABASE strict; CREATE USER strict@'%' IDENTIFIED BY 'x'; GRANT ALL ON strict.* TO strict@'%'; USE strict;
            CREATE TABLE t (a INT PRIMARY KEY); INSERT INTO t VALUES (1); ALTER TABLE t ADD COLUMN b INT; CREATE INDEX i ON t (b);
            CREATE TEMPORARY TABLE x (a INT PRIMARY KEY); INSERT INTO x VALUES (1); CREATE VIEW v AS SELECT * FROM t;
            CREATE PROCEDURE p () SELECT 1; CREATE SEQUENCE s NOCACHE; SELECT NEXT VALUE FOR s; TRUNCATE TABLE t; RENAME TABLE t TO u; DROP TABLE u;
            """
        );
        foreach (var refused in (string[])["CREATE TABLE strict.m (a INT PRIMARY KEY) ENGINE=MyISAM", "CREATE TABLE strict.n (a INT)"])
            Assert.Contains(
                "4165",
                (await Assert.ThrowsAsync<InvalidOperationException>(() => SqlAsync(0, refused))).Message,
                StringComparison.Ordinal
            );
        await SqlAsync(0, "DROP DATABASE strict; DROP USER strict@'%'");
    }

    private static IEnumerable<GaleraFinding> Problems(IEnumerable<GaleraFinding> findings) =>
        findings.Where(finding => finding.Result is FindingResult.Fail or FindingResult.Warning);

    private static string Words(GaleraFinding finding) =>
        $"{finding.Result} {finding.Check}"
        + (
            finding.ObjectName is null
                ? finding.Database is null
                    ? ""
                    : $" {finding.Database}"
                : $" {finding.Database}.{finding.ObjectName}"
        )
        + (finding.Node is null ? "" : $" @{finding.Node}");
}
