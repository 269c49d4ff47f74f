using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;

namespace SwarmOps.Host;

/// <summary>
/// Writes what the engine has to say: output, warnings, verbose, debug and information to standard output, errors and progress to standard
/// error, as pwsh does; and asks the questions of <c>ShouldProcess</c> and <c>ShouldContinue</c>.
/// </summary>
internal sealed class EmbeddedUserInterface(bool nonInteractive, CancellationToken stopping) : PSHostUserInterface
{
    private readonly Lock gate = new();
    private readonly ProgressLine progress = new();
    private readonly ConsolePrompt prompt = new(nonInteractive, stopping);

    /// <inheritdoc />
    public override PSHostRawUserInterface RawUI { get; } = new EmbeddedRawUserInterface();

    /// <inheritdoc />
    public override bool SupportsVirtualTerminal => Terminal.OutputHasColors;

    /// <inheritdoc />
    public override void Write(string value) => WriteOutput(value);

    /// <inheritdoc />
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        WriteOutput($"{Ansi.Of(foregroundColor, backgroundColor)}{value}{Ansi.Reset}");

    /// <inheritdoc />
    public override void WriteLine(string value) => WriteOutput(value + Environment.NewLine);

    /// <inheritdoc />
    public override void WriteErrorLine(string value) =>
        WriteTo(Console.Error, Terminal.ErrorHasColors, $"{Ansi.Error}{value}{Ansi.Reset}{Environment.NewLine}");

    /// <inheritdoc />
    public override void WriteWarningLine(string message) => WriteNotice("WARNING", message);

    /// <inheritdoc />
    public override void WriteVerboseLine(string message) => WriteNotice("VERBOSE", message);

    /// <inheritdoc />
    public override void WriteDebugLine(string message) => WriteNotice("DEBUG", message);

    /// <inheritdoc />
    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        lock (gate)
            progress.Show(record);
    }

    /// <summary>Wipes the progress line at the end of a run.</summary>
    public void ClearProgress()
    {
        lock (gate)
            progress.Clear();
    }

    /// <inheritdoc />
    public override string ReadLine()
    {
        ClearProgress();
        return prompt.ReadLine();
    }

    /// <inheritdoc />
    public override SecureString ReadLineAsSecureString()
    {
        ClearProgress();
        return prompt.ReadSecret();
    }

    /// <inheritdoc />
    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        ClearProgress();
        return prompt.ForFields(caption, message, descriptions);
    }

    /// <inheritdoc />
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        ClearProgress();
        return prompt.ForChoice(caption, message, choices, defaultChoice);
    }

    /// <inheritdoc />
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        PromptForCredential(caption, message, userName, targetName, PSCredentialTypes.Default, PSCredentialUIOptions.Default);

    /// <inheritdoc />
    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options)
    {
        ClearProgress();
        return prompt.ForCredential(caption, message, userName);
    }

    private void WriteNotice(string kind, string message) => WriteLine($"{Ansi.Notice}{kind}: {message}{Ansi.Reset}");

    private void WriteOutput(string text) => WriteTo(Console.Out, Terminal.OutputHasColors, text);

    // The engine decorates text whatever it goes to: what is not a terminal gets the text alone.
    private void WriteTo(TextWriter writer, bool hasColors, string text)
    {
        var written = hasColors ? text : new StringDecorated(text).ToString(OutputRendering.PlainText);
        lock (gate)
        {
            progress.Clear();
            writer.Write(written);
        }
    }
}
