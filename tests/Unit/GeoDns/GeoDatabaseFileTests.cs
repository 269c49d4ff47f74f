using SwarmOps.GeoDns.Location;

namespace SwarmOps.Tests.Unit.GeoDns;

/// <summary>What kind of database a file is.</summary>
public sealed class GeoDatabaseFileTests : IDisposable
{
    private static readonly byte[] Marker = [0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8];

    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("GeoLite2-City", true)]
    [InlineData("DBIP-City-Lite (compat=City)", true)]
    [InlineData("GeoIP2-Country", false)]
    public async Task A_database_says_what_it_knows(string type, bool hasPlaces)
    {
        await WriteAsync([.. new byte[300_000], .. Marker, .. Metadata(type)]);

        var database = await GeoDatabaseFile.ReadAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal((type, hasPlaces), (database.Use.Type, database.Use.HasPlaces));
        Assert.Equal(64, database.Use.Sha256.Length);
    }

    [Fact]
    public async Task Another_kind_of_database_is_refused()
    {
        await WriteAsync([.. Marker, .. Metadata("GeoLite2-ASN")]);

        Assert.Contains("'GeoLite2-ASN'", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_file_is_refused()
    {
        await WriteAsync([1, 2, 3]);
        Assert.Contains("not a MaxMind database", await RefusedAsync(), StringComparison.Ordinal);
        await WriteAsync([.. Marker, .. Metadata("GeoLite2-City").Take(20)]);
        Assert.Contains("malformed", await RefusedAsync(), StringComparison.Ordinal);
        await WriteAsync([.. Marker, 0xE0]);
        Assert.Contains("no type", await RefusedAsync(), StringComparison.Ordinal);
        File.Delete(path);
        Assert.NotEmpty(await RefusedAsync());
    }

    /// <summary>A map in which the type comes after values of every kind that real metadata has.</summary>
    private static byte[] Metadata(string type) =>
        [
            0xE5,
            .. Text("build_epoch"),
            0x04,
            0x02,
            0x65,
            0x00,
            0x00,
            0x00,
            .. Text("languages"),
            0x02,
            0x04,
            .. Text("de"),
            .. Text("en"),
            .. Text("description"),
            0xE1,
            .. Text("en"),
            .. Text("a database of some length, with more than 28 characters"),
            .. Text("node_count"),
            0xC2,
            0x12,
            0x34,
            .. Text("database_type"),
            .. Text(type),
        ];

    private static byte[] Text(string text) =>
        text.Length < 29
            ? [(byte)(0x40 | text.Length), .. System.Text.Encoding.UTF8.GetBytes(text)]
            : [0x5D, (byte)(text.Length - 29), .. System.Text.Encoding.UTF8.GetBytes(text)];

    private Task WriteAsync(byte[] data) => File.WriteAllBytesAsync(path, data, TestContext.Current.CancellationToken);

    private async Task<string> RefusedAsync()
    {
        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            GeoDatabaseFile.ReadAsync(path, TestContext.Current.CancellationToken)
        );
        Assert.Equal("GeoDatabaseInvalid", error.ErrorId);
        return error.Message;
    }
}
