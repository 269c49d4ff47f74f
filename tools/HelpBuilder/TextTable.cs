namespace SwarmOps.HelpBuilder;

/// <summary>A table as text: in columns where they fit the width, else one block of lines for each row.</summary>
/// <param name="rows">The cells; the first row is the header.</param>
/// <param name="width">Width of a line.</param>
internal sealed class TextTable(IReadOnlyList<IReadOnlyList<string>> rows, int width)
{
    private const int Gap = 2;

    private readonly int count = rows.Max(row => row.Count);

    /// <summary>The lines.</summary>
    public IEnumerable<string> Lines()
    {
        var natural = Columns(cell => cell.Length);
        var smallest = Columns(LongestWord);
        var room = width - (Gap * (count - 1));
        if (natural.Sum() <= room)
            return InColumns(natural, separateRows: false);
        return smallest.Sum() <= room ? InColumns(Share(natural, smallest, room), separateRows: true) : AsBlocks();
    }

    private static int LongestWord(string cell) => cell.Split(' ').Max(word => word.Length);

    private static string Cell(IReadOnlyList<string> row, int column) => column < row.Count ? row[column] : "";

    private int[] Columns(Func<string, int> measure) =>
        [.. Enumerable.Range(0, count).Select(column => rows.Max(row => measure(Cell(row, column))))];

    // Each column gets what its longest word needs; what is left goes to those that want more, by how much they want.
    private static int[] Share(int[] natural, int[] smallest, int room)
    {
        var left = room - smallest.Sum();
        var wanted = natural.Sum() - smallest.Sum();
        return [.. natural.Select((wish, column) => smallest[column] + ((wish - smallest[column]) * left / wanted))];
    }

    private IEnumerable<string> InColumns(int[] widths, bool separateRows)
    {
        for (var index = 0; index < rows.Count; index++)
        {
            if (separateRows && index > 1)
                yield return "";
            foreach (var line in Row([.. widths.Select((size, column) => TextLayout.Wrap(Cell(rows[index], column), size))], widths))
                yield return line;
            if (index == 0)
                yield return Row([.. widths.Select(size => new[] { new string('-', size) })], widths).Single();
        }
    }

    private static IEnumerable<string> Row(IReadOnlyList<string>[] cells, int[] widths) =>
        Enumerable
            .Range(0, cells.Max(cell => cell.Count))
            .Select(line =>
                string.Join(
                        new string(' ', Gap),
                        cells.Select((cell, column) => (line < cell.Count ? cell[line] : "").PadRight(widths[column]))
                    )
                    .TrimEnd()
            );

    private IEnumerable<string> AsBlocks()
    {
        for (var index = 1; index < rows.Count; index++)
        {
            if (index > 1)
                yield return "";
            foreach (var line in TextLayout.Wrap(Cell(rows[index], 0), width))
                yield return line;
            foreach (
                var line in Enumerable
                    .Range(1, count - 1)
                    .Where(column => Cell(rows[index], column).Length > 0)
                    .SelectMany(column => Field(rows[index], column))
            )
                yield return line;
        }
    }

    private IEnumerable<string> Field(IReadOnlyList<string> row, int column) =>
        TextLayout.Hang(
            "  ",
            TextLayout.Wrap($"{Cell(rows[0], column)}: {row[column]}", width - 4).Select((line, index) => index == 0 ? line : $"  {line}")
        );
}
