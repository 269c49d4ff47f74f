using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SwarmOps.GeoDns.Definition;

namespace SwarmOps.GeoDns.Location;

/// <summary>A GeoIP2 database on this machine (MaxMind DB file format 2.0, maxmind.github.io/MaxMind-DB).</summary>
/// <param name="Path">Its path.</param>
/// <param name="Use">What the definition records of it.</param>
internal sealed record GeoDatabaseFile(string Path, GeoDatabaseUse Use)
{
    /// <summary>The metadata is in the last 128 KiB, behind this marker.</summary>
    private const int MetadataRoom = 128 * 1024;

    private static readonly byte[] Marker = [0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8];

    /// <summary>Reads what kind of database a file is.</summary>
    /// <exception cref="SwarmOpsException"><c>GeoDatabaseInvalid</c>.</exception>
    public static async Task<GeoDatabaseFile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            var type = TypeOf(await TailAsync(file, cancellationToken).ConfigureAwait(false));
            // gdnsd tells the two kinds apart by the name of the type, too.
            var hasPlaces = type.Contains("City", StringComparison.Ordinal);
            if (!hasPlaces && !type.Contains("Country", StringComparison.Ordinal))
                throw GeoDnsErrors.GeoDatabaseInvalid(
                    path,
                    $"its type is '{type}', which is neither a database of cities nor one of countries"
                );
            file.Position = 0;
            var hash = await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false);
            return new GeoDatabaseFile(path, new GeoDatabaseUse(hasPlaces, type, Convert.ToHexString(hash).ToLowerInvariant()));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw GeoDnsErrors.GeoDatabaseInvalid(path, error.Message.TrimEnd('.'), error);
        }
    }

    /// <summary>The type in a database's metadata.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    internal static string TypeOf(ReadOnlySpan<byte> tail)
    {
        var start = tail.LastIndexOf(Marker);
        if (start < 0)
            throw new InvalidDataException("it is not a MaxMind database");
        var reader = new MetadataReader(tail[(start + Marker.Length)..]);
        return reader.Find("database_type") ?? throw new InvalidDataException("its metadata has no type");
    }

    private static async Task<byte[]> TailAsync(FileStream file, CancellationToken cancellationToken)
    {
        var tail = new byte[Math.Min(file.Length, MetadataRoom)];
        file.Position = file.Length - tail.Length;
        await file.ReadExactlyAsync(tail, cancellationToken).ConfigureAwait(false);
        return tail;
    }

    /// <summary>Walks through the map of the metadata; only the types that occur there.</summary>
    private ref struct MetadataReader(ReadOnlySpan<byte> data)
    {
        private const int Extended = 0,
            Text = 2,
            Map = 7,
            Array = 11,
            Boolean = 14,
            MostNested = 8;

        private readonly ReadOnlySpan<byte> data = data;
        private int position;

        /// <summary>A text at the top of the map; null when there is none.</summary>
        public string? Find(string key)
        {
            position = 0;
            var (type, size) = Control();
            if (type != Map)
                return null;
            for (; size > 0; size--)
            {
                var name = String();
                if (name == key)
                    return String();
                Skip(0);
            }

            return null;
        }

        private string String()
        {
            var (type, size) = Control();
            if (type != Text)
                throw Broken();
            var text = Encoding.UTF8.GetString(Take(size));
            return text;
        }

        private void Skip(int depth)
        {
            if (depth > MostNested)
                throw Broken();
            var (type, size) = Control();
            switch (type)
            {
                case Map:
                    for (; size > 0; size--)
                    {
                        Skip(depth + 1);
                        Skip(depth + 1);
                    }

                    break;
                case Array:
                    for (; size > 0; size--)
                        Skip(depth + 1);
                    break;
                case Boolean:
                    break;
                default:
                    _ = Take(size);
                    break;
            }
        }

        private (int Type, int Size) Control()
        {
            int first = Take(1)[0];
            var type = first >> 5;
            if (type == Extended)
                type = Take(1)[0] + 7;
            var size = first & 0x1F;
            size = size switch
            {
                < 29 => size,
                29 => 29 + Take(1)[0],
                30 => 285 + BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
                _ => throw Broken(),
            };
            return (type, size);
        }

        private ReadOnlySpan<byte> Take(int count)
        {
            if (position + count > data.Length)
                throw Broken();
            position += count;
            return data.Slice(position - count, count);
        }

        private static InvalidDataException Broken() => new("its metadata is malformed");
    }
}
