using System.Globalization;

namespace SwarmOps.Host;

/// <summary>
/// The invariant culture under an English label. The engine wraps help and messages between words only in languages that it knows to
/// write words apart; without ICU there is no culture but the invariant one, which has no language, and lines would break inside words.
/// </summary>
internal sealed class WordWrappingCulture() : CultureInfo("")
{
    /// <inheritdoc />
    public override string TwoLetterISOLanguageName => "en";
}
