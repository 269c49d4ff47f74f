using Amazon.Runtime;
using Amazon.S3;
using SwarmOps.Aws.Session;
using SwarmOps.Recovery.Store;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>Where backups are kept: a folder, and a bucket of a real S3 API in memory. Both behave alike.</summary>
public sealed class BackupStoreTests(AwsMotoServer moto) : IDisposable
{
    private static readonly BackupName Name = new("s1", new DateTime(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc));

    private readonly string folder = Directory.CreateTempSubdirectory("swarmops-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_name_tells_swarm_and_time()
    {
        Assert.Equal("swarm-s1-20260504T030201Z.swarmbackup", Name.ToString());
        Assert.Equal(Name, BackupName.TryParse(Name.ToString()));
    }

    [Fact]
    public void A_name_of_a_database_tells_its_cluster_and_each_is_counted_apart()
    {
        var database = Name with { Cluster = "shop-db" };
        Assert.Equal("swarm-s1-20260504T030201Z.galera-shop-db.swarmbackup", database.ToString());
        Assert.Equal(database, BackupName.TryParse(database.ToString()));

        var older = database with { CreatedAt = Name.CreatedAt.AddDays(-1) };
        Assert.Empty(BackupName.Surplus([Name, database, older], "s1", keep: 1));
        Assert.Equal([older], BackupName.Surplus([Name, database, older], "s1", keep: 1, "shop-db"));
    }

    [Fact]
    public async Task The_newest_database_of_the_same_swarm_is_found_and_no_swarm_is_taken_for_one()
    {
        var file = await FileAsync();
        var place = new BackupPlace(folder, new AwsSettings(), null);
        using var store = new FolderStore(folder);
        var database = Name with { Cluster = "galera", CreatedAt = Name.CreatedAt.AddDays(-1) };
        await store.PutAsync(Name, file, "abc", Token);
        Assert.Equal(
            "BackupNotFound",
            (await Assert.ThrowsAsync<SwarmOpsException>(() => place.FindDatabaseAsync("galera", "s1", Token))).ErrorId
        );
        await store.PutAsync(database, file, "abc", Token);
        await store.PutAsync(database with { SwarmId = "s2", CreatedAt = Name.CreatedAt.AddDays(1) }, file, "abc", Token);

        Assert.Equal(database.ToString(), (await place.FindDatabaseAsync("galera", "s1", Token)).Name);
        Assert.Equal(Name.ToString(), (await place.FindAsync(Token)).Name);
        await store.PutAsync(database with { SwarmId = "s3" }, file, "abc", Token);
        Assert.Equal(
            "SeveralSwarmsInPlace",
            (await Assert.ThrowsAsync<SwarmOpsException>(() => place.FindDatabaseAsync("galera", "s4", Token))).ErrorId
        );
    }

    [Theory]
    [InlineData("swarm-s1-20260504T030201Z.swarmbackup.partial")]
    [InlineData("swarm-s1-20260504T030201Z.swarmbackup.sha256")]
    [InlineData("before-the-move.swarmbackup")]
    [InlineData("swarm-s1-20261304T030201Z.swarmbackup")]
    public void A_name_of_another_form_is_none(string name) => Assert.Null(BackupName.TryParse(name));

    [Fact]
    public void Only_the_oldest_of_the_same_swarm_are_surplus()
    {
        var names = Enumerable
            .Range(1, 5)
            .Select(day => new BackupName("s1", new DateTime(2026, 5, day, 0, 0, 0, DateTimeKind.Utc)))
            .ToList();

        var surplus = BackupName.Surplus([.. names, new BackupName("s2", default)], "s1", keep: 3);

        Assert.Equal([2, 1], surplus.Select(name => name.CreatedAt.Day));
    }

    [Theory]
    [InlineData("s3://bucket", "bucket", "", "s3://bucket/x")]
    [InlineData("s3://bucket/", "bucket", "", "s3://bucket/x")]
    [InlineData("S3://bucket/a/b/", "bucket", "a/b", "s3://bucket/a/b/x")]
    public void A_bucket_and_a_prefix_are_read(string text, string bucket, string prefix, string url)
    {
        Assert.True(S3Location.IsOne(text));
        var location = S3Location.Parse(text);
        Assert.Equal((bucket, prefix, url), (location.Bucket, location.Prefix, location.UrlOf("x")));
    }

    [Fact]
    public void Without_a_bucket_it_is_invalid() =>
        Assert.Equal("BackupDestinationInvalid", Assert.Throws<SwarmOpsException>(() => S3Location.Parse("s3:///prefix")).ErrorId);

    [Fact]
    public async Task A_folder_keeps_what_it_is_given()
    {
        var place = Path.Combine(folder, "new");
        await KeepAsync(new BackupPlace(place, new AwsSettings(), null));

        Assert.Empty(Directory.EnumerateFiles(place));
    }

    [Fact]
    public async Task A_folder_has_a_checksum_beside_each_backup_and_others_cannot_read_either()
    {
        using var store = new FolderStore(folder);
        var path = await store.PutAsync(Name, await FileAsync(), "abc", Token);

        Assert.Equal($"abc  {Name}\n", await File.ReadAllTextAsync(path + ".sha256", Token));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task The_newest_of_a_folder_is_found_and_two_swarms_are_not_mixed()
    {
        var file = await FileAsync();
        var place = new BackupPlace(folder, new AwsSettings(), null);
        Assert.Equal("BackupNotFound", (await Assert.ThrowsAsync<SwarmOpsException>(() => place.FindAsync(Token))).ErrorId);
        using var store = new FolderStore(folder);
        var later = Name with { CreatedAt = Name.CreatedAt.AddDays(1) };
        await store.PutAsync(later, file, "abc", Token);
        await store.PutAsync(Name, file, "abc", Token);

        Assert.Equal(later.ToString(), (await place.FindAsync(Token)).Name);
        Assert.Equal(Name.ToString(), (await (place with { Given = Path.Combine(folder, Name.ToString()) }).FindAsync(Token)).Name);

        await store.PutAsync(new BackupName("s2", Name.CreatedAt), file, "abc", Token);
        Assert.Equal("SeveralSwarmsInPlace", (await Assert.ThrowsAsync<SwarmOpsException>(() => place.FindAsync(Token))).ErrorId);
    }

    [Fact]
    public async Task A_bucket_keeps_what_it_is_given()
    {
        using var s3 = await BucketAsync();
        await KeepAsync(await OnMotoAsync("s3://backups/swarms/one"));

        Assert.Empty((await s3.ListObjectsV2Async(new() { BucketName = "backups" }, Token)).S3Objects ?? []);
    }

    [Fact]
    public async Task A_bucket_that_does_not_exist_is_named_before_anything_is_stopped()
    {
        using var store = await (await OnMotoAsync("s3://no-such-bucket")).OpenAsync(Token);

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => store.ProveAsync(Token));
        Assert.Equal("BackupDestinationUnusable", error.ErrorId);
        Assert.Contains("no-such-bucket", error.Message, StringComparison.Ordinal);
    }

    private async Task KeepAsync(BackupPlace place)
    {
        using var store = await place.OpenAsync(Token);
        await store.ProveAsync(Token);
        Assert.Empty(await store.ListAsync(Token));

        var path = await store.PutAsync(Name, await FileAsync(), "abc", Token);
        Assert.Equal([Name], await store.ListAsync(Token));
        using (var read = new StreamReader(await store.OpenAsync(Name.ToString(), Token)))
            Assert.Equal("content", await read.ReadToEndAsync(Token));
        var (found, name) = await (place with { Given = path }).FindAsync(Token);
        using (found)
            Assert.Equal(Name.ToString(), name);

        await store.DeleteAsync(Name.ToString(), Token);
        Assert.Empty(await store.ListAsync(Token));
        Assert.Equal(
            "BackupNotFound",
            (await Assert.ThrowsAsync<SwarmOpsException>(() => store.OpenAsync(Name.ToString(), Token))).ErrorId
        );
    }

    [Fact]
    public async Task What_could_not_be_stored_leaves_no_part_of_it()
    {
        var file = await FileAsync();
        using var store = new FolderStore(folder);
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutAsync(Name, file, "abc", stopped.Token));
        Assert.Empty(Directory.GetFiles(folder));

        var path = await store.PutAsync(Name, file, "abc", Token);
        Assert.Equal(
            "BackupDestinationUnusable",
            (await Assert.ThrowsAsync<SwarmOpsException>(() => store.PutAsync(Name, file, "def", Token))).ErrorId
        );
        Assert.Equal([path, path + ".sha256"], Directory.GetFiles(folder).Order(StringComparer.Ordinal));
        Assert.StartsWith("abc ", await File.ReadAllTextAsync(path + ".sha256", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_is_complete_although_the_older_ones_could_not_be_listed()
    {
        using var store = new FolderStore(Path.Combine(folder, "gone"));
        var context = new FakeContext();

        Assert.Empty(await BackupRetention.ApplyAsync(context, store, Name, keep: 1));
        Assert.Equal("BackupDestinationUnusable", Assert.Single(context.Errors).ErrorId);
    }

    private async Task<string> FileAsync()
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "source")).FullName, Guid.NewGuid().ToString());
        await File.WriteAllTextAsync(file, "content", Token);
        return file;
    }

    private async Task<BackupPlace> OnMotoAsync(string url) =>
        new(
            url,
            new AwsSettings
            {
                AccessKey = "test",
                SecretKey = "test",
                EndpointUrl = await moto.AddressAsync(),
            },
            "eu-central-1"
        );

    private async Task<AmazonS3Client> BucketAsync()
    {
        var s3 = new AmazonS3Client(
            new BasicAWSCredentials("test", "test"),
            new AmazonS3Config
            {
                ServiceURL = (await moto.AddressAsync()).AbsoluteUri,
                // Anywhere else, a bucket's region is to be named.
                AuthenticationRegion = "us-east-1",
                ForcePathStyle = true,
            }
        );
        await s3.PutBucketAsync("backups", Token);
        return s3;
    }
}
