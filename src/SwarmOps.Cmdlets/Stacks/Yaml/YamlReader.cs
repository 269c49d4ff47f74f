using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SwarmOps.Stacks.Yaml;

/// <summary>
/// Reads one YAML document with the position of each node: anchors, aliases, merge keys, Compose's tags. Size, depth and the number of
/// nodes that aliases stand for are limited, so that no file takes more than bounded time and memory.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>The most characters of a file: the largest Compose files of the world have some ten thousand.</summary>
    public const int MostCharacters = 4 * 1024 * 1024;

    /// <summary>The most levels of nesting.</summary>
    public const int MostLevels = 64;

    /// <summary>The most nodes, each alias counted as what it stands for.</summary>
    public const int MostNodes = 200_000;

    private readonly SourceFile file;
    private readonly StackProblems problems;
    private readonly Parser parser;
    private readonly Dictionary<string, YamlNode?> anchors = new(StringComparer.Ordinal);
    private SourcePosition last;
    private long nodes;

    private YamlReader(string text, SourceFile file, StackProblems problems)
    {
        this.file = file;
        this.problems = problems;
        last = new SourcePosition(file, 1, 1);
        parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>Reads a document; null if it cannot be read, which is then a problem. Duplicate keys are problems too, but do not end the reading.</summary>
    public static YamlNode? Read(string text, SourceFile file, StackProblems problems)
    {
        var start = new SourcePosition(file, 1, 1);
        if (text.Length > MostCharacters)
        {
            problems.Add(
                start,
                $"The file has {text.Length / 1024} KiB, more than the {MostCharacters / 1024} KiB that are read.",
                "Put large content into files of its own and reference them under configs or secrets."
            );
            return null;
        }

        var reader = new YamlReader(text, file, problems);
        try
        {
            return reader.Document();
        }
        catch (StopException stop)
        {
            problems.Add(stop.At, stop.Message, stop.Remedy);
        }
        catch (YamlException exception)
        {
            var at = exception.Start.Line > 0 ? reader.At(exception.Start) : reader.last;
            if (Tab(text, at.Line) is { } tab)
                problems.Add(
                    at with
                    {
                        Line = tab.Line,
                        Column = tab.Column,
                    },
                    "This is not YAML: a tab is in the indentation.",
                    "Indent with spaces."
                );
            else
                problems.Add(at, $"This is not YAML: {Reason(exception.Message)}", SyntaxRemedy(text, at));
        }

        return null;
    }

    private YamlNode? Document()
    {
        Next<StreamStart>();
        if (!Accept<DocumentStart>())
        {
            problems.Add(
                new SourcePosition(file, 1, 1),
                "The file is empty.",
                "Write at least 'services:' with one service that has an image."
            );
            return null;
        }

        var root = Node(1);
        Next<DocumentEnd>();
        if (Move() is DocumentStart second)
            throw Stop(
                second.Start,
                "A second document begins here.",
                "Keep one document in a file, and specify the others as files of their own."
            );
        return root;
    }

    private YamlNode Node(int level)
    {
        var node = Move();
        var at = At(node.Start);
        if (level > MostLevels)
            throw Stop(node.Start, $"Nested deeper than {MostLevels} levels.", "Write it with fewer levels.");
        if (++nodes > MostNodes)
            throw TooMany(node.Start);
        return node switch
        {
            AnchorAlias alias => Alias(alias, level),
            Scalar scalar => Anchored(scalar.Anchor, ScalarNode(scalar, at)),
            SequenceStart sequence => Sequence(sequence, at, level),
            MappingStart mapping => Mapping(mapping, at, level),
            _ => throw Stop(node.Start, "A value is expected here.", "Write a value, or remove the key."),
        };
    }

    private YamlNode Alias(AnchorAlias alias, int level)
    {
        var name = alias.Value.Value;
        if (!anchors.TryGetValue(name, out var target))
            throw Stop(
                alias.Start,
                $"No anchor '&{name}' precedes the alias '*{name}'.",
                $"Define it before this line with '&{name}', or write the value itself."
            );
        if (target is null)
            throw Stop(
                alias.Start,
                $"The alias '*{name}' is inside of what '&{name}' names, so it would contain itself.",
                "Write the value itself."
            );
        nodes += target.Size;
        if (nodes > MostNodes)
            throw TooMany(alias.Start);
        if (level + target.Depth > MostLevels + 1)
            throw Stop(alias.Start, $"With '*{name}' it is nested deeper than {MostLevels} levels.", "Write it with fewer levels.");
        return target;
    }

    private YamlScalar ScalarNode(Scalar scalar, SourcePosition at)
    {
        var isPlain = scalar.Style == ScalarStyle.Plain;
        if (scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific)
            return isPlain && scalar.Tag.IsEmpty ? YamlScalar.Plain(at, scalar.Value) : YamlScalar.String(at, scalar.Value);
        var kind = YamlScalar.KindOf(scalar.Value);
        switch (scalar.Tag.Value)
        {
            case "!reset":
                return YamlScalar.Plain(at, scalar.Value, YamlTag.Reset);
            case "!override":
                return isPlain
                    ? YamlScalar.Plain(at, scalar.Value, YamlTag.Override)
                    : YamlScalar.String(at, scalar.Value, YamlTag.Override);
            case "tag:yaml.org,2002:str":
                return YamlScalar.String(at, scalar.Value);
            case "tag:yaml.org,2002:int" when kind == YamlKind.Integer:
            case "tag:yaml.org,2002:float" when kind is YamlKind.Integer or YamlKind.Number:
            case "tag:yaml.org,2002:bool" when kind == YamlKind.Boolean:
            case "tag:yaml.org,2002:null" when kind == YamlKind.Null:
                return YamlScalar.Plain(at, scalar.Value);
            default:
                throw UnknownTag(scalar.Start, scalar.Tag.Value);
        }
    }

    private YamlNode Sequence(SequenceStart start, SourcePosition at, int level)
    {
        var tag = CollectionTag(start.Start, start.Tag, "tag:yaml.org,2002:seq");
        Open(start.Anchor);
        var items = new List<YamlNode>();
        while (!Accept<SequenceEnd>())
            items.Add(Node(level + 1));
        return Anchored(start.Anchor, new YamlSequence(at, items, tag));
    }

    private YamlNode Mapping(MappingStart start, SourcePosition at, int level)
    {
        var tag = CollectionTag(start.Start, start.Tag, "tag:yaml.org,2002:map");
        Open(start.Anchor);
        var own = new List<YamlEntry>();
        var keys = new Dictionary<string, SourcePosition>(StringComparer.Ordinal);
        var merged = new List<YamlMapping>();
        while (!Accept<MappingEnd>())
        {
            if (Peek() is not Scalar key)
                throw Stop(Peek().Start, "A key must be a text.", "Write the key as a word, in quotes if it has special characters.");
            Move();
            var keyAt = At(key.Start);
            Open(key.Anchor);
            Anchored(key.Anchor, YamlScalar.String(keyAt, key.Value));
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                merged.AddRange(Merged(Node(level + 1), keyAt));
                continue;
            }

            var value = Node(level + 1);
            if (key.Style == ScalarStyle.Plain && key.Tag.IsEmpty && YamlScalar.KindOf(key.Value) != YamlKind.String)
                problems.Add(
                    keyAt,
                    $"The key {YamlScalar.Plain(keyAt, key.Value).Words} is not a string.",
                    $"Put it in quotes: '{key.Value}'."
                );
            if (keys.TryGetValue(key.Value, out var first))
                problems.Add(
                    keyAt,
                    $"The key '{YamlScalar.Shown(key.Value)}' is in this mapping already, on line {first.Line}.",
                    "Remove one of them, or join what they contain."
                );
            else
            {
                keys.Add(key.Value, keyAt);
                own.Add(new YamlEntry(key.Value, keyAt, value));
            }
        }

        // A key of the mapping itself wins, then that of the earlier merged mapping.
        foreach (var entry in merged.SelectMany(source => source.Entries))
        {
            if (keys.TryAdd(entry.Key, entry.At))
                own.Add(entry);
        }

        return Anchored(start.Anchor, new YamlMapping(at, own, tag));
    }

    private IEnumerable<YamlMapping> Merged(YamlNode value, SourcePosition at)
    {
        switch (value)
        {
            case YamlMapping mapping:
                return [mapping];
            case YamlSequence sequence when sequence.Items.All(item => item is YamlMapping):
                return sequence.Items.Cast<YamlMapping>();
            default:
                problems.Add(
                    at,
                    $"The merge key '<<' takes a mapping or a list of mappings, not {value.Words}.",
                    "Write '<<: *name' with the anchor of a mapping."
                );
                return [];
        }
    }

    private YamlTag CollectionTag(Mark mark, TagName tag, string own) =>
        tag.IsEmpty || tag.IsNonSpecific
            ? YamlTag.None
            : tag.Value switch
            {
                "!reset" => YamlTag.Reset,
                "!override" => YamlTag.Override,
                var value when value == own => YamlTag.None,
                var value => throw UnknownTag(mark, value),
            };

    private void Open(AnchorName anchor)
    {
        if (!anchor.IsEmpty)
            anchors[anchor.Value] = null;
    }

    private YamlNode Anchored(AnchorName anchor, YamlNode node)
    {
        if (!anchor.IsEmpty)
            anchors[anchor.Value] = node;
        return node;
    }

    private ParsingEvent Peek()
    {
        if (current is null)
        {
            // The parser reports some malformed input by exceptions of other kinds than its own.
            try
            {
                if (!parser.MoveNext() || parser.Current is null)
                    throw new StopException(last, "The file ends in the middle of a value.", "Complete it.");
            }
            catch (Exception exception)
                when (exception
                        is ArgumentException
                            or InvalidOperationException
                            or FormatException
                            or IndexOutOfRangeException
                            or OverflowException
                )
            {
                throw new StopException(last, $"This is not YAML: {Reason(exception.Message)}", "Check the lines after this one.");
            }

            current = parser.Current;
            last = At(current.Start);
        }

        return current;
    }

    private ParsingEvent? current;

    private ParsingEvent Move()
    {
        var next = Peek();
        current = null;
        return next;
    }

    private void Next<T>()
        where T : ParsingEvent
    {
        if (Peek() is not T)
            throw Stop(Peek().Start, "Something else is expected here.", "Check the indentation of this line and of the one before.");
        current = null;
    }

    private bool Accept<T>()
        where T : ParsingEvent
    {
        if (Peek() is not T)
            return false;
        current = null;
        return true;
    }

    private SourcePosition At(Mark mark) => new(file, Math.Max(1, (int)mark.Line), Math.Max(1, (int)mark.Column));

    private StopException Stop(Mark mark, string message, string remedy) => new(At(mark), message, remedy);

    private StopException TooMany(Mark mark) =>
        Stop(
            mark,
            $"The file has more than {MostNodes} values, each alias counted as what it stands for.",
            "Use fewer aliases of aliases, or several files with fewer services."
        );

    private StopException UnknownTag(Mark mark, string tag) =>
        Stop(
            mark,
            $"The tag '{YamlScalar.Shown(tag)}' is not known, or its value is of another kind.",
            "Remove it. Compose knows !reset and !override."
        );

    private static string Reason(string message)
    {
        // "(Line: 3, Col: 1, Idx: 20) - (...): text": the position is told once.
        var at = message.LastIndexOf("): ", StringComparison.Ordinal);
        var text = YamlScalar.Shown((at < 0 ? message : message[(at + 3)..]).Trim());
        return text.EndsWith('.') || text.EndsWith("...", StringComparison.Ordinal) ? text : text + ".";
    }

    /// <summary>The first tab in the indentation of a line; the scanner reports one at the start of the mapping that it is in, or at the end of the line before.</summary>
    private static (int Line, int Column)? Tab(string text, int from)
    {
        using var reader = new StringReader(text);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            var tab = line.TakeWhile(char.IsWhiteSpace).ToList().IndexOf('\t');
            if (number >= from && tab >= 0 && line.Trim().Length > 0)
                return (number, tab + 1);
        }

        return null;
    }

    private static string SyntaxRemedy(string text, SourcePosition at)
    {
        using var reader = new StringReader(text);
        string? line = null;
        for (var number = 0; number < at.Line; number++)
            line = reader.ReadLine();
        if (line is not null && at.Column <= line.Length && line[at.Column - 1] is ('@' or '`' or '%'))
            return "Put the value in quotes: YAML reserves its first character.";
        return "Check indentation, quotes and brackets of this line and of the one before; a text with ': ' or ' #' needs quotes.";
    }

    /// <summary>Ends the reading of a file.</summary>
    private sealed class StopException(SourcePosition at, string message, string remedy) : Exception(message)
    {
        public SourcePosition At { get; } = at;

        public string Remedy { get; } = remedy;
    }
}
