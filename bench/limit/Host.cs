namespace SwarmOps.Limit;

/// <summary>A host with a bare engine, as bench/by-hand.sh takes it: DOCKER_HOST,name,region,public address,private address.</summary>
internal sealed record Host(string Socket, string Name, string Region, string PublicAddress, string PrivateAddress)
{
    private const string Scheme = "unix://";

    public static Host Parse(string word) =>
        word.Split(',') is [var socket, var name, var region, var publicAddress, var privateAddress]
        && socket.StartsWith(Scheme, StringComparison.Ordinal)
            ? new Host(socket[Scheme.Length..], name, region, publicAddress, privateAddress)
            : throw new ArgumentException($"'{word}' is not unix://SOCKET,NAME,REGION,PUBLIC,PRIVATE.");
}
