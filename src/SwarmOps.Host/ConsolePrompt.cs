using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace SwarmOps.Host;

/// <summary>
/// Questions on the terminal. Without one, or with <c>-NonInteractive</c>, each question is an error that says so: a script that waits for an
/// answer nobody can give would wait for ever.
/// </summary>
internal sealed class ConsolePrompt(bool nonInteractive, CancellationToken stopping)
{
    /// <summary>Asks to choose one; an empty answer takes the default, <c>?</c> explains the choices.</summary>
    public int ForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RequireTerminal(message);
        WriteHeading(caption, message);
        var labels = choices.Select(ChoiceLabel.Parse).ToArray();
        var menu = string.Join("  ", labels.Select(label => $"[{label.Key}] {label.Text}"));
        var hint = defaultChoice >= 0 ? $" (default is \"{labels[defaultChoice].Key}\")" : "";

        while (true)
        {
            Console.Out.Write($"{menu}  [?] Help{hint}: ");
            var answer = ReadLine().Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
                return defaultChoice;

            var chosen = Array.FindIndex(labels, label => label.Matches(answer));
            if (chosen >= 0)
                return chosen;

            if (answer == "?")
                foreach (var (label, choice) in labels.Zip(choices))
                    Console.Out.WriteLine($"{label.Key} - {choice.HelpMessage}");
        }
    }

    /// <summary>Asks for the values of mandatory parameters.</summary>
    public Dictionary<string, PSObject> ForFields(string caption, string message, Collection<FieldDescription> fields)
    {
        RequireTerminal(string.Join(", ", fields.Select(field => field.Name)));
        WriteHeading(caption, message);
        var answers = new Dictionary<string, PSObject>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in fields)
            answers[field.Name] = PSObject.AsPSObject(ForField(field));
        return answers;
    }

    /// <summary>Asks for a user name, unless it is known, and a password.</summary>
    public PSCredential ForCredential(string caption, string message, string? userName)
    {
        RequireTerminal(message);
        WriteHeading(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            Console.Out.Write("User: ");
            userName = ReadLine();
        }

        Console.Out.Write($"Password for user {userName}: ");
        return new PSCredential(userName, ReadSecret());
    }

    /// <summary>Reads a line; Ctrl+C ends the wait.</summary>
    public string ReadLine()
    {
        RequireTerminal("a line of text");
        return Await(Console.In.ReadLine) ?? throw new HostException("The terminal was closed before the question was answered.");
    }

    /// <summary>Reads a line without showing it.</summary>
    public SecureString ReadSecret()
    {
        RequireTerminal("a password");
        return Await(ReadHidden);
    }

    private object ForField(FieldDescription field)
    {
        Console.Out.Write($"{field.Name}: ");
        if (field.ParameterTypeFullName == typeof(SecureString).FullName)
            return ReadSecret();
        if (field.ParameterTypeFullName == typeof(PSCredential).FullName)
            return ForCredential("", "", userName: null);
        if (!field.ParameterTypeFullName.EndsWith("[]", StringComparison.Ordinal))
            return ReadLine();

        var items = new List<string> { ReadLine() };
        while (items[^1].Length > 0)
        {
            Console.Out.Write(string.Create(CultureInfo.InvariantCulture, $"{field.Name}[{items.Count}]: "));
            items.Add(ReadLine());
        }

        return items[..^1].ToArray();
    }

    private static SecureString ReadHidden()
    {
        var secret = new SecureString();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace && secret.Length > 0)
                secret.RemoveAt(secret.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                secret.AppendChar(key.KeyChar);
        }

        Console.Out.WriteLine();
        secret.MakeReadOnly();
        return secret;
    }

    // A read from the console cannot be cancelled: it is left behind on its own thread, which ends with the process.
    private T Await<T>(Func<T> read)
    {
        var reading = Task.Factory.StartNew(read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            reading.Wait(stopping);
            return reading.Result;
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    private void RequireTerminal(string question)
    {
        if (nonInteractive)
            throw new HostException($"A prompt for '{question}' cannot be shown: the host runs with -NonInteractive. Give the value as a parameter, or add -Confirm:$false or -Force.");
        if (!Terminal.InputIsTerminal)
            throw new HostException($"A prompt for '{question}' cannot be shown: there is no terminal to answer on. Give the value as a parameter, or add -Confirm:$false or -Force.");
    }

    private static void WriteHeading(string caption, string message)
    {
        foreach (var line in new[] { caption, message }.Where(line => !string.IsNullOrEmpty(line)))
            Console.Out.WriteLine(line);
    }
}
