namespace SwarmOps.Tests.Lab;

/// <summary>The schemas of real applications, from Debian's packages: what is found is pinned.</summary>
public sealed partial class GaleraApplicationTests
{
    /// <summary>Writes each application's statements to DIRECTORY/name.sql.</summary>
    private const string Fetch = """
        set -euo pipefail
        cd "$1"
        apt-get download -q wordpress roundcube-core mediawiki zabbix-server-mysql >/dev/null
        of() { dpkg-deb --fsys-tarfile $1_*.deb | tar -xO "./usr/share/$2"; }
        of wordpress wordpress/wp-admin/includes/schema.php | sed 's/.*"CREATE TABLE/CREATE TABLE/' | awk '/^CREATE TABLE/ { on = 1 } on { print } /charset_collate;/ { on = 0 }' |
            sed -E 's/CREATE TABLE/& IF NOT EXISTS/; s/\$wpdb->/wp_/g; s/\$max_index_length/191/g; s/\$charset_collate;.*/;/' >wordpress.sql
        of roundcube-core roundcube/SQL/mysql.initial.sql >roundcube.sql
        of mediawiki mediawiki/maintenance/tables-generated.sql >mediawiki.sql
        of zabbix-server-mysql zabbix-server-mysql/schema.sql.gz | zcat >zabbix.sql
        """;

    [Fact]
    public async Task Real_applications_have_the_findings_that_are_known()
    {
        Nightly.SkipUnlessAsked();
        await FormAsync();
        var folder = Directory.CreateTempSubdirectory("applications-").FullName;
        var fetched = await Shell.RunAsync("bash", "-c", Fetch, "fetch", folder);
        Assert.True(fetched.ExitCode == 0, fetched.Error);
        // In the strict mode a table that is not replicated would be refused.
        await SqlAsync(0, "SET GLOBAL wsrep_mode = ''");
        foreach (var name in (string[])["wordpress", "roundcube", "mediawiki", "zabbix"])
        {
            await SqlAsync(0, $"CREATE OR REPLACE DATABASE {name} CHARACTER SET utf8mb4");
            await FileAsync(0, Path.Combine(folder, $"{name}.sql"), name);
        }

        var found = session
            .Run("$n | Test-GaleraSchema -Database wordpress, roundcube, mediawiki, zabbix", ("n", nodes))
            .ThrowOnError()
            .Objects.Cast<GaleraFinding>()
            .ToList();
        var tables = (
            await SqlAsync(
                0,
                "SELECT TABLE_SCHEMA, COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA IN ('wordpress', 'roundcube', 'mediawiki', 'zabbix') GROUP BY 1"
            )
        ).Trim();
        TestContext.Current.TestOutputHelper?.WriteLine(tables);

        Assert.Equal(Known, Problems(found).Where(finding => finding.ObjectName is not null).Select(Words).Order(StringComparer.Ordinal));
        await SqlAsync(
            0,
            "DROP DATABASE wordpress; DROP DATABASE roundcube; DROP DATABASE mediawiki; DROP DATABASE zabbix; SET GLOBAL wsrep_mode = 'STRICT_REPLICATION,REQUIRED_PRIMARY_KEY';"
        );
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>WordPress 6.1, Roundcube 1.6 and Zabbix 6.0 have none; MediaWiki 1.39 has tables without a key, and searches in a MyISAM table.</summary>
    private static readonly string[] Known =
    [
        "Fail Engine mediawiki.searchindex",
        "Fail PrimaryKey mediawiki.oldimage",
        "Fail PrimaryKey mediawiki.querycache",
        "Fail PrimaryKey mediawiki.querycachetwo",
        "Fail PrimaryKey mediawiki.user_newtalk",
    ];
}
