using SwarmOps.Stacks;
using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>Durations, sizes, ports, volumes, commands and modes.</summary>
public sealed class FormTests
{
    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1h5m", 3_900_000)]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1500)]
    [InlineData("0", 0)]
    [InlineData("2000us", 2)]
    public void A_duration_is_read(string text, double milliseconds) =>
        Assert.Equal(milliseconds, Quantities.Duration(text).TotalMilliseconds);

    [Theory]
    [InlineData("10")]
    [InlineData("")]
    [InlineData("-1s")]
    [InlineData("10 s")]
    [InlineData("1d")]
    [InlineData("999999999999h")]
    public void What_is_no_duration_is_refused(string text) => Assert.Throws<StackValueException>(() => Quantities.Duration(text));

    [Theory]
    [InlineData("512", 512)]
    [InlineData("50M", 50L << 20)]
    [InlineData("64mb", 64L << 20)]
    [InlineData("1.5G", 3L << 29)]
    [InlineData("1GiB", 1L << 30)]
    [InlineData("2k", 2048)]
    [InlineData("100b", 100)]
    [InlineData("1 g", 1L << 30)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void A_size_is_read(string text, long bytes) => Assert.Equal(bytes, Quantities.Bytes(text));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1x")]
    [InlineData("m")]
    [InlineData("9999999p")]
    [InlineData("9223372036854775808")]
    public void What_is_no_size_is_refused(string text) => Assert.Throws<StackValueException>(() => Quantities.Bytes(text));

    [Theory]
    [InlineData("0.5", 500_000_000)]
    [InlineData("2", 2_000_000_000)]
    [InlineData("0.001", 1_000_000)]
    [InlineData(".25", 250_000_000)]
    public void Processors_are_read(string text, long nano) => Assert.Equal(nano, Quantities.NanoCpus(text));

    [Theory]
    [InlineData("3000", ":0:3000/tcp")]
    [InlineData("8000:80", ":8000:80/tcp")]
    [InlineData("53:53/udp", ":53:53/udp")]
    [InlineData("53:53/UDP", ":53:53/udp")]
    [InlineData("3001-3003", ":0:3001/tcp :0:3002/tcp :0:3003/tcp")]
    [InlineData("9090-9091:8080-8081", ":9090:8080/tcp :9091:8081/tcp")]
    [InlineData("9090-9091:8080", ":9090:8080/tcp :9091:8080/tcp")]
    [InlineData("127.0.0.1:8001:80", "127.0.0.1:8001:80/tcp")]
    [InlineData("127.0.0.1::80", "127.0.0.1:0:80/tcp")]
    [InlineData("[::1]:8001:80", "::1:8001:80/tcp")]
    [InlineData("::1:8001:80", "::1:8001:80/tcp")]
    public void A_port_is_read(string text, string expected) =>
        Assert.Equal(
            expected,
            string.Join(' ', PortForm.Parse(text).Select(port => $"{port.Address}:{port.Published}:{port.Target}/{port.Protocol}"))
        );

    [Theory]
    [InlineData("")]
    [InlineData("80:")]
    [InlineData("abc")]
    [InlineData("0:80")]
    [InlineData("80:70000")]
    [InlineData("80/icmp")]
    [InlineData("80/tcp/udp")]
    [InlineData("8080-8082:80-81")]
    [InlineData("81-80")]
    [InlineData("1-65535")]
    [InlineData("a.b.c.d:80:80")]
    [InlineData("[::1:80:80")]
    public void What_is_no_port_is_refused(string text) => Assert.Throws<StackValueException>(() => PortForm.Parse(text));

    [Theory]
    [InlineData("/data", "volume||/data")]
    [InlineData("vol:/data", "volume|vol|/data")]
    [InlineData("vol:/data:ro", "volume|vol|/data|ro")]
    [InlineData("vol:/data:nocopy", "volume|vol|/data|nocopy")]
    [InlineData("/host:/data", "bind|/host|/data")]
    [InlineData("./host:/data:ro,rslave", "bind|./host|/data|ro|rslave")]
    [InlineData("~/x:/data:cached", "bind|~/x|/data|cached")]
    [InlineData(".:/code", "bind|.|/code")]
    [InlineData("/host:/data:z", "bind|/host|/data|z")]
    [InlineData("C:\\host:C:\\data", "bind|C:\\host|C:\\data")]
    [InlineData("C:/host:/data:ro", "bind|C:/host|/data|ro")]
    [InlineData("C:/host:D:/data", "bind|C:/host|D:/data")]
    [InlineData("vol:C:/data", "volume|vol|C:/data")]
    [InlineData("d:/data", "volume|d|/data")]
    [InlineData("d:/data:ro", "volume|d|/data|ro")]
    [InlineData("C:\\data", "volume||C:\\data")]
    [InlineData("\\\\.\\pipe\\x:\\\\.\\pipe\\x", "bind|\\\\.\\pipe\\x|\\\\.\\pipe\\x")]
    public void A_volume_is_read(string text, string expected)
    {
        var volume = VolumeForm.Parse(text);
        string?[] options =
        [
            volume.ReadOnly ? "ro" : null,
            volume.NoCopy ? "nocopy" : null,
            volume.Propagation,
            volume.Consistency,
            volume.Selinux,
        ];
        Assert.Equal(expected, string.Join('|', [volume.Type, volume.Source ?? "", volume.Target, .. options.OfType<string>()]));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("vol:")]
    [InlineData("vol:data")]
    [InlineData("data")]
    [InlineData("vol:/")]
    [InlineData("vol:/data:xx")]
    [InlineData("a b:/data")]
    [InlineData("vol:/data:ro:rw")]
    public void What_is_no_volume_is_refused(string text) => Assert.Throws<StackValueException>(() => VolumeForm.Parse(text));

    [Theory]
    [InlineData("a b  c", "a|b|c")]
    [InlineData("sh -c 'echo \"x y\"'", "sh|-c|echo \"x y\"")]
    [InlineData("a \"b c\" d\\ e", "a|b c|d e")]
    [InlineData("a\"b\"'c'", "abc")]
    [InlineData("a '' \"\"", "a||")]
    [InlineData("echo \"a\\\"b\" \"c\\n\"", "echo|a\"b|c\\n")]
    [InlineData("", "")]
    public void A_command_is_split_as_a_shell_would(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', CommandForm.Split(text)));

    [Theory]
    [InlineData("a 'b")]
    [InlineData("a \"b")]
    [InlineData("a \\")]
    public void An_open_quote_is_refused(string text) => Assert.Throws<StackValueException>(() => CommandForm.Split(text));

    [Fact]
    public void A_mode_is_octal_in_every_form()
    {
        Assert.Equal(0x120, Forms.Mode(YamlScalar.Plain(default, "0440")));
        Assert.Equal(0x120, Forms.Mode(YamlScalar.Plain(default, "0o440")));
        Assert.Equal(0x120, Forms.Mode(YamlScalar.String(default, "440")));
        Assert.Contains(
            "0440",
            Assert.Throws<StackValueException>(() => Forms.Mode(YamlScalar.Plain(default, "440"))).Remedy,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("-5", "-5")]
    [InlineData("1.5", "1.5")]
    [InlineData("true", "true")]
    [InlineData("True", "true")]
    [InlineData("~", null)]
    [InlineData("text", "text")]
    public void A_value_is_the_text_that_Docker_makes_of_it(string text, string? expected) =>
        Assert.Equal(expected, Forms.Text(YamlScalar.Plain(default, text)));

    [Theory]
    [InlineData("022")]
    [InlineData("1.10")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData(".inf")]
    [InlineData("+1")]
    public void A_number_that_would_change_is_refused(string text) =>
        Assert.Contains(
            $"'{text}'",
            Assert.Throws<StackValueException>(() => Forms.Text(YamlScalar.Plain(default, text))).Remedy,
            StringComparison.Ordinal
        );
}
