using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace SwarmOps.Nodes.Preflight;

/// <summary>The release of Docker's engine that a version text stands for, without what packagers add.</summary>
/// <param name="Major">The first number.</param>
/// <param name="Minor">The second number.</param>
/// <param name="Patch">The third number.</param>
/// <param name="IsPreRelease">Whether it is one before the release of that number, such as a release candidate.</param>
[JsonConverter(typeof(EngineRelease.Converter))]
internal readonly partial record struct EngineRelease(int Major, int Minor, int Patch, bool IsPreRelease = false)
    : IComparable<EngineRelease>
{
    /// <summary>The release line, within which engines differ by fixes only.</summary>
    public string Line => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    /// <summary>The release that a pre-release leads to; itself otherwise.</summary>
    public EngineRelease Final => this with { IsPreRelease = false };

    /// <summary>
    /// Reads what an engine says of its version: <c>28.5.2</c>, Debian's <c>26.1.5+dfsg1</c>, Ubuntu's <c>20.10.21-0ubuntu1</c>, <c>29.0.0-rc.1</c>.
    /// </summary>
    /// <returns>Null when it names no release: <c>dev</c>, <c>master</c>, <c>28</c>, or the 0.0.0 of engines that were built without a version.</returns>
    public static EngineRelease? TryParse(string? text)
    {
        var match = Pattern().Match(text?.Trim() ?? "");
        if (!match.Success)
            return null;
        var release = new EngineRelease(Number(match, 1), Number(match, 2), Number(match, 3), match.Groups["pre"].Success);
        return release.Major == 0 ? null : release;
    }

    /// <inheritdoc/>
    public int CompareTo(EngineRelease other) =>
        (Major, Minor, Patch, !IsPreRelease).CompareTo((other.Major, other.Minor, other.Patch, !other.IsPreRelease));

    public static bool operator <(EngineRelease left, EngineRelease right) => left.CompareTo(right) < 0;

    public static bool operator <=(EngineRelease left, EngineRelease right) => left.CompareTo(right) <= 0;

    public static bool operator >(EngineRelease left, EngineRelease right) => left.CompareTo(right) > 0;

    public static bool operator >=(EngineRelease left, EngineRelease right) => left.CompareTo(right) >= 0;

    /// <summary>The three numbers.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}{(IsPreRelease ? "-pre" : "")}");

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    /// <summary>Words after a hyphen that stand for a pre-release; others, such as <c>-ce</c> and <c>-0ubuntu1</c>, are the packager's.</summary>
    [GeneratedRegex(
        @"^(?:docker-)?v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?![.\d])(?:[-~](?<pre>(?:alpha|beta|rc|tp|dev|pre)\b|(?:alpha|beta|rc|tp)\d))?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Pattern();

    /// <summary>Reads a release from JSON; anything else there is an error.</summary>
    internal sealed class Converter : JsonConverter<EngineRelease>
    {
        /// <inheritdoc/>
        public override EngineRelease Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { } text && TryParse(text) is { IsPreRelease: false } release && release.ToString() == text
                ? release
                : throw new JsonException("a release such as 28.5.2 is expected");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, EngineRelease value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
