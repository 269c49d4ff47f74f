using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace SwarmOps.Insight.Report;

/// <summary>Text that is HTML already.</summary>
/// <param name="Html">The HTML.</param>
internal readonly record struct Markup(string Html)
{
    /// <summary>Nothing.</summary>
    public static Markup None { get; } = new("");

    /// <summary>HTML from an interpolated string, whose values are encoded.</summary>
    public static Markup Of(Writer writer) => new(writer.ToString());

    /// <inheritdoc/>
    public override string ToString() => Html;

    /// <summary>Encodes every value of an interpolated string that is not <see cref="Markup"/> itself.</summary>
    [InterpolatedStringHandler]
    public readonly struct Writer
    {
        private readonly StringBuilder text;

        /// <summary>A writer of its own text.</summary>
        public Writer(int literalLength, int formattedCount) => text = new StringBuilder(literalLength + (formattedCount * 16));

        /// <summary>A writer that adds to a page.</summary>
        public Writer(int literalLength, int formattedCount, HtmlText page) => text = page.Builder;

        /// <summary>Adds the HTML between the values.</summary>
        public void AppendLiteral(string literal) => text.Append(literal);

        /// <summary>Adds HTML as it is.</summary>
        public void AppendFormatted(Markup value) => text.Append(value.Html);

        /// <summary>Adds a text, encoded.</summary>
        public void AppendFormatted(string? value) => text.Append(WebUtility.HtmlEncode(value));

        /// <summary>Adds a value in the invariant culture, encoded.</summary>
        public void AppendFormatted<T>(T value, string? format = null) =>
            text.Append(
                WebUtility.HtmlEncode(
                    value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString()
                )
            );

        /// <inheritdoc/>
        public override string ToString() => text.ToString();
    }
}

/// <summary>HTML that is being written.</summary>
internal sealed class HtmlText
{
    /// <summary>The text.</summary>
    public StringBuilder Builder { get; } = new();

    /// <summary>Adds an interpolated string, whose values are encoded.</summary>
    public HtmlText Add([InterpolatedStringHandlerArgument("")] Markup.Writer writer)
    {
        _ = writer;
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => Builder.ToString();
}
