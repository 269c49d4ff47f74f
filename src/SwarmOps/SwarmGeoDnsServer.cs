namespace SwarmOps;

/// <summary>A name server of a zone, at one moment.</summary>
public sealed record SwarmGeoDnsServer
{
    /// <summary>Its host name, such as <c>ns1.edge.example.org</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Name of the node that it runs on.</summary>
    public string Node { get; init; } = "";

    /// <summary>The node's region.</summary>
    public string? Region { get; init; }

    /// <summary>The node's public address.</summary>
    public string Address { get; init; } = "";

    /// <summary>Name of its Docker service.</summary>
    public string Service { get; init; } = "";

    /// <summary>The serial that it answered; null when it did not answer.</summary>
    public long? Serial { get; init; }

    /// <summary>Whether it answered over UDP.</summary>
    public bool Udp { get; init; }

    /// <summary>Whether it answered over TCP.</summary>
    public bool Tcp { get; init; }

    /// <summary>Whether its view of the nodes' health could be read.</summary>
    public bool IsHealthKnown { get; init; }

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Error { get; init; }

    /// <summary>The host name.</summary>
    public override string ToString() => Name;
}

/// <summary>What a name server answers a client.</summary>
public sealed record SwarmGeoDnsAnswer
{
    /// <summary>What the client stands for: a continent, or a region of the network map.</summary>
    public string From { get; init; } = "";

    /// <summary>The client's network, as it was sent with the query (EDNS client subnet).</summary>
    public string Client { get; init; } = "";

    /// <summary>Name of the node whose name server was asked.</summary>
    public string Server { get; init; } = "";

    /// <summary>The regions of the answer; more than one when no region is healthy.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>The addresses of the answer.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Why there is no answer; null when there is one.</summary>
    public string? Error { get; init; }

    /// <summary>The client and the regions of the answer.</summary>
    public override string ToString() => $"{From}: {(Error is null ? string.Join("+", Regions) : Error)}";
}

/// <summary>One question of Test-SwarmGeoDns and what came of it.</summary>
public sealed record SwarmGeoDnsProbe
{
    /// <summary>Name of the node whose name server was asked.</summary>
    public string Server { get; init; } = "";

    /// <summary>The region of that node.</summary>
    public string? ServerRegion { get; init; }

    /// <summary><c>udp</c> or <c>tcp</c>.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>What the client stands for: a continent, or a region of the network map.</summary>
    public string From { get; init; } = "";

    /// <summary>The client's network, as it was sent with the query (EDNS client subnet).</summary>
    public string Client { get; init; } = "";

    /// <summary>The regions that the client should be sent to; empty when only the name server knows.</summary>
    public IReadOnlyList<string> Expected { get; init; } = [];

    /// <summary>The regions of the answer.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>The addresses of the answer.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Time to the answer, in milliseconds; null when there was none.</summary>
    public double? Milliseconds { get; init; }

    /// <summary>Its result.</summary>
    public FindingResult Result { get; init; }

    /// <summary>What was observed.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What to do; empty when the check passed.</summary>
    public string RecommendedAction { get; init; } = "";
}
