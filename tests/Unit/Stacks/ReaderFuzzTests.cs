using System.Diagnostics;
using System.Text;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>Damaged files: the reader answers each with problems or a definition, in bounded time and memory.</summary>
public sealed class ReaderFuzzTests
{
    private static readonly string[] Pieces =
    [
        "&a ",
        "*a",
        "&b [*a, *a]",
        "<<: *a",
        "<<: [*a]",
        "!reset ",
        "!override ",
        "!!int ",
        "!x ",
        "${",
        "${A:-",
        "}",
        "$",
        "$$",
        "${A:?e}",
        "[",
        "]",
        "{",
        "}",
        ": ",
        ":",
        "- ",
        "? ",
        "|\n",
        ">-\n",
        "|9\n",
        "\t",
        "\n",
        "\n\n",
        " ",
        "    ",
        "#",
        " #",
        "'",
        "\"",
        "\\",
        "\\x",
        "\u0000",
        "\uFEFF",
        "\u0085",
        "\u2028",
        "\uD800",
        "%YAML 1.1\n---\n",
        "%TAG ! x\n",
        "---\n",
        "...\n",
        "~",
        "null",
        "true",
        "0440",
        "1e999",
        ".inf",
        "-9223372036854775809",
        "999999999999999999999999",
        "extends: web",
        "include: [compose.yaml]",
        "services:",
        "image: a",
        "ports: ['1-65535:1-65535']",
        "depends_on: [web]",
        "x-a: ",
        "env_file: a.env",
        "@",
        "`",
        "profiles: [a]",
        "networks: ",
        "volumes: ['a:/b']",
        "deploy: {replicas: ",
        "healthcheck: {test: ",
        "command: \"a 'b\"",
        ",",
        ",,",
        "!<tag:yaml.org,2002:str> ",
        "!<",
        "&",
        "*",
        "=",
        "\r",
        "\r\n",
    ];

    [Fact]
    public void No_input_ends_in_an_exception_or_takes_long()
    {
        var seeds = Seeds();
        var random = new Random(LongRun.Seed);
        var count = LongRun.Count(700, 1_000_000);
        var slowest = TimeSpan.Zero;
        for (var index = 0; index < count; index++)
        {
            var text = Damaged(seeds[random.Next(seeds.Count)], seeds, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            try
            {
                var files = new MemoryFiles(("compose.yaml", text), ("a.env", text));
                var (definition, problems) = files.TryRead(request => request with { Profiles = ["*"], AllowIgnored = index % 2 == 0 });
                Assert.True(definition is null == problems.Count > 0);
                Assert.All(problems, problem => Assert.True(problem.At.Line > 0 && problem.At.Column > 0 && problem.Remedy.Length > 0));
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {LongRun.Seed}, input {index}: {exception}\n{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}");
            }

            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            // A second is a hundred times what such a file takes; the machine may be busy.
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"Seed {LongRun.Seed}, input {index} took {watch.Elapsed}:\n{text}");
            Assert.True(
                GC.GetAllocatedBytesForCurrentThread() - before < 256 * 1024 * 1024,
                $"Seed {LongRun.Seed}, input {index} takes too much memory:\n{text}"
            );
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} inputs, the slowest {slowest.TotalMilliseconds:F0} ms.");
    }

    /// <summary>Inputs that are made to be expensive.</summary>
    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("a:\n ")]
    [InlineData("\"")]
    [InlineData("'")]
    [InlineData("a: &a x\n")]
    [InlineData("? ")]
    [InlineData("!a ")]
    [InlineData("a: b: ")]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("#")]
    [InlineData("${A:-")]
    [InlineData("x: ${A}\n")]
    [InlineData("- - ")]
    [InlineData("*a ")]
    [InlineData(", ")]
    [InlineData("%")]
    [InlineData("\\")]
    [InlineData("|\n")]
    public void Repetitions_take_bounded_time(string piece)
    {
        foreach (var prefix in new[] { "", "services:\n  web:\n    image: ", "x-a: \"", "x-a: [" })
        {
            var text = prefix + string.Concat(Enumerable.Repeat(piece, LongRun.Count(20_000, 1_000_000) / piece.Length));
            var watch = ThreadClock.Start();
            var (_, problems) = new MemoryFiles(("compose.yaml", text), (".env", text)).TryRead();
            Assert.NotEmpty(problems);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{prefix}{piece}: {watch.Elapsed}");
        }
    }

    private static List<string> Seeds() =>
        [
            .. BadFileTests
                .Shape()
                .Concat(BadFileTests.Values())
                .Concat(BadFileTests.Meaning())
                .Concat(BadFileTests.Refused())
                .Select(row => row.Data.Item1.Replace("^^", "", StringComparison.Ordinal)),
            """
                name: shop
                include: [{path: compose.yaml}]
                x-common: &common
                  image: nginx:${TAG:-1}
                  environment: &env {A: 1, B: "${A:+x}"}
                services:
                  web:
                    <<: *common
                    ports: ["8080:80", {target: 443, published: 443, mode: host}]
                    volumes: ["data:/data", {type: tmpfs, target: /t, tmpfs: {size: 1m}}]
                    healthcheck: {test: [CMD, a], interval: 5s}
                    deploy: {replicas: 2, resources: {limits: {memory: 64m}}, placement: {constraints: [node.role==worker]}}
                    secrets: [{source: s, target: t, mode: 0440}]
                    command: sh -c 'exec "$$0"'
                    extends: {service: base}
                  base: {image: b, env_file: [a.env, {path: b.env, required: false}]}
                volumes: {data: }
                secrets: {s: {environment: A}}
                """,
        ];

    private static string Damaged(string text, List<string> seeds, Random random)
    {
        var result = new StringBuilder(text);
        for (var left = random.Next(1, 8); left > 0; left--)
        {
            var at = random.Next(result.Length + 1);
            switch (random.Next(7))
            {
                case 0 or 1:
                    result.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 2 when result.Length > 0:
                    result[Math.Min(at, result.Length - 1)] = (char)random.Next(0, random.Next(4) == 0 ? 0xFFFF : 127);
                    break;
                case 3 when at < result.Length:
                    result.Remove(at, Math.Min(random.Next(1, 20), result.Length - at));
                    break;
                case 4 when at < result.Length:
                    var slice = result.ToString(at, Math.Min(random.Next(1, 200), result.Length - at));
                    for (var times = random.Next(1, 20); times > 0 && result.Length < 100_000; times--)
                        result.Insert(at, slice);
                    break;
                case 5:
                    var other = seeds[random.Next(seeds.Count)];
                    result.Insert(at, other.AsSpan(0, random.Next(other.Length)));
                    break;
                default:
                    result.Insert(at, new string((char)random.Next(32, 127), random.Next(1, 50)));
                    break;
            }
        }

        return result.ToString();
    }
}
