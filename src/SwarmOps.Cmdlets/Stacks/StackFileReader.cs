using SwarmOps.Pipeline;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Reading;
using SwarmOps.Stacks.Rules;

namespace SwarmOps.Stacks;

/// <summary>Reads the files of a stack for an operation: the definition with its name. What the user should know is a warning.</summary>
internal static class StackFileReader
{
    /// <exception cref="SwarmOpsException"><c>StackFileInvalid</c>, <c>StackFileMissing</c>, <c>StackNameInvalid</c>, <c>StackNameMissing</c>.</exception>
    public static (StackDefinition Stack, string Name) Read(IOperationContext context, StackReadRequest files)
    {
        if (files.Name is { } given)
            CheckName(given);
        var stack = new StackReader(new DiskFiles(), files).Read();
        foreach (var note in stack.Notes)
            context.WriteWarning(note.ToString());
        return (stack, stack.Name ?? throw StackErrors.StackNameMissing(files.Paths[0]));
    }

    /// <exception cref="SwarmOpsException"><c>StackNameInvalid</c>.</exception>
    private static void CheckName(string name)
    {
        try
        {
            NameForm.Stack(name);
        }
        catch (StackValueException)
        {
            throw StackErrors.StackNameInvalid(name);
        }
    }
}
