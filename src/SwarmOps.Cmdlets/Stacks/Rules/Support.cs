namespace SwarmOps.Stacks.Rules;

/// <summary>What becomes of a key.</summary>
internal enum Support
{
    /// <summary>It is honoured on the swarm.</summary>
    Honoured,

    /// <summary>It says nothing about running services, so there is nothing to honour.</summary>
    Accepted,

    /// <summary>A swarm cannot honour it: a problem, or with AllowIgnored a note.</summary>
    Refused,
}

/// <summary>Types that a key takes.</summary>
[Flags]
internal enum ValueTypes
{
    None = 0,
    String = 1,
    Integer = 2,
    Number = 4,
    Boolean = 8,
    Null = 16,
    List = 32,
    Map = 64,
    Any = String | Integer | Number | Boolean | Null | List | Map,
}

/// <summary>How the value of a later file is merged with that of an earlier one (Compose specification, "Merge").</summary>
internal enum MergeRule
{
    /// <summary>Mappings key by key, lists by appending, other values are replaced.</summary>
    Usual,

    /// <summary>The later value replaces the earlier one.</summary>
    Replace,

    /// <summary>A mapping or a list of <c>NAME=value</c>: by name.</summary>
    ByName,

    /// <summary>Entries of /etc/hosts: appended, without duplicates.</summary>
    Hosts,

    /// <summary>A mapping or a list of names: by name.</summary>
    Names,

    /// <summary>A text or a list: appended, without duplicates.</summary>
    Texts,

    /// <summary>By the path in the container.</summary>
    ByTarget,

    /// <summary>By address, published port, port and protocol.</summary>
    ByPort,

    /// <summary>The options are merged only if the driver is the same.</summary>
    Logging,
}
