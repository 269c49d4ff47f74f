namespace SwarmOps.GeoDns.Wire;

/// <summary>Types of DNS records (IANA, DNS parameters).</summary>
internal enum DnsType
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Aaaa = 28,
    Opt = 41,
}
