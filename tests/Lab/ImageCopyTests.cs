namespace SwarmOps.Tests.Lab;

/// <summary>Images from node to node and from a file, without a registry.</summary>
public sealed class ImageCopyTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    private LabHost First => lab.Hosts[0];

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Only_the_layers_that_a_node_lacks_are_sent_and_the_image_is_the_same()
    {
        // Two layers on the image that every engine has; one of them of 5 MB.
        await lab.ExecAsync(
            First,
            """
            set -e
            id=$(docker create lab/busybox:latest sh -c 'head -c 5000000 /dev/urandom > /large'); docker start -a $id; docker commit $id copy/base:1 >/dev/null; docker rm $id >/dev/null
            id=$(docker create copy/base:1 sh -c 'echo two > /two'); docker start -a $id; docker commit -c 'CMD ["cat","/two"]' $id copy/app:1 >/dev/null; docker rm $id >/dev/null
            """
        );
        var others = lab.Hosts.Skip(1).ToList();
        try
        {
            session.Run("", ("n", session.Nodes(lab)));
            Assert.Empty(session.Run("$n | Copy-SwarmImage -Image copy/app:1 -WhatIf").ThrowOnError().Objects.Cast<SwarmImageCopy>());
            var whole = Copies("$n | Copy-SwarmImage -Image copy/base:1");
            var top = Copies("$n | Copy-SwarmImage -Image copy/app:1");
            var again = Copies("$n | Copy-SwarmImage -Image copy/app:1");

            Assert.Equal(others.Select(host => host.Name).Order(), whole.Select(copy => copy.Node).Order());
            Assert.All(whole, copy => Assert.Equal((true, 1, 2), (copy.IsCopied, copy.SentLayerCount, copy.LayerCount)));
            Assert.All(whole, copy => Assert.InRange(copy.SentBytes, 5_000_000, 6_000_000));
            Assert.All(top, copy => Assert.Equal((true, 1, 3), (copy.IsCopied, copy.SentLayerCount, copy.LayerCount)));
            Assert.All(top, copy => Assert.InRange(copy.SentBytes, 1, 100_000));
            Assert.All(again, copy => Assert.Equal((false, 0L), (copy.IsCopied, copy.SentBytes)));
            var id = await lab.ExecAsync(First, "docker image inspect -f '{{.Id}}' copy/app:1");
            foreach (var host in others)
            {
                Assert.Equal(id, await lab.ExecAsync(host, "docker image inspect -f '{{.Id}}' copy/app:1"));
                Assert.Equal("two", (await lab.ExecAsync(host, "docker run --rm --network none copy/app:1")).Trim());
                Assert.Equal("5000000", (await lab.ExecAsync(host, "docker run --rm --network none copy/app:1 stat -c %s /large")).Trim());
            }
        }
        finally
        {
            await RemoveAsync();
        }
    }

    [Fact]
    public async Task A_file_is_checked_before_anything_is_sent()
    {
        // What another run that was killed has left is not this one's.
        var before = Copied();
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            await lab.ExecAsync(
                First,
                "id=$(docker create lab/busybox:latest true); docker commit -c 'LABEL a=b' $id copy/app:1 >/dev/null; docker rm $id >/dev/null"
            );
            var tar = Path.Combine(folder, "app.tar");
            var packed = Path.Combine(folder, "app.tar.gz");
            await File.WriteAllBytesAsync(
                packed,
                Convert.FromBase64String(await lab.ExecAsync(First, "docker save copy/app:1 | gzip | base64 -w 0")),
                TestContext.Current.CancellationToken
            );
            var made = await Shell.RunAsync(
                "sh",
                "-c",
                $"set -e; gunzip -k '{packed}'; head -c 100000 '{tar}' > '{folder}/short.tar'; cp '{tar}' '{folder}/changed.tar'; echo no > '{folder}/no.tar'"
            );
            Assert.Equal((0, ""), (made.ExitCode, made.Error));
            await ChangeAsync(Path.Combine(folder, "changed.tar"));
            await lab.ExecAsync(First, "docker rmi copy/app:1 >/dev/null");
            session.Run("", ("n", session.Nodes(lab)), ("folder", folder));

            foreach (var bad in new[] { "short", "changed", "no" })
                Assert.Equal(["ImageArchiveInvalid"], session.Run($"$n | Copy-SwarmImage -Path $folder/{bad}.tar").ErrorIds);
            Assert.Equal(["ImageArchiveNotFound"], session.Run("$n | Copy-SwarmImage -Path $folder/none.tar").ErrorIds);
            Assert.Equal(["ImageNowhere"], session.Run("$n | Copy-SwarmImage -Image copy/app:1").ErrorIds);
            Assert.Equal(
                ["ImageNameHasDigest"],
                session.Run($"$n | Copy-SwarmImage -Image copy/app@sha256:{new string('a', 64)}").ErrorIds
            );
            var one = Copies("$n | Copy-SwarmImage -Path $folder/app.tar.gz -To us-east-1");
            var rest = Copies("$n | Copy-SwarmImage -Path $folder/app.tar");

            // The layers are those of the image that every engine has: only the configuration is new.
            Assert.Equal(("us-east-1", true, 0, "copy/app:1"), One(Assert.Single(one)));
            Assert.Equal(
                [("eu-central-1", true), ("us-east-1", false), ("us-west-1", true)],
                rest.Select(copy => (copy.Node, copy.IsCopied)).Order()
            );
            Assert.Empty(Copied().Except(before));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            await RemoveAsync();
        }
    }

    [Fact]
    public async Task Different_images_under_one_name_need_a_choice_and_none_is_lost()
    {
        try
        {
            foreach (var host in lab.Hosts.Take(2))
                await lab.ExecAsync(
                    host,
                    $"id=$(docker create lab/busybox:latest true); docker commit -c 'LABEL host={host.Name}' $id copy/app:1 >/dev/null; docker rm $id >/dev/null"
                );
            session.Run("", ("n", session.Nodes(lab)));
            var before = (await lab.ExecAsync(First, "docker image inspect -f '{{.Id}}' copy/app:1")).Trim();

            Assert.Equal(["ImagesDiffer"], session.Run("$n | Copy-SwarmImage -Image copy/app:1").ErrorIds);
            Assert.Equal(["ImageNotOnSource"], session.Run("$n | Copy-SwarmImage -Image copy/app:1 -From us-west-1").ErrorIds);
            var copied = Copies($"$n | Copy-SwarmImage -Image copy/app:1 -From {lab.Hosts[1].Name}");

            Assert.All(copied, copy => Assert.True(copy.IsCopied));
            Assert.Equal(2, copied.Count);
            // The image that lost its name is still there.
            Assert.Equal(before, (await lab.ExecAsync(First, $"docker image inspect -f '{{{{.Id}}}}' {before}")).Trim());
            await lab.ExecAsync(First, $"docker rmi {before} >/dev/null");
        }
        finally
        {
            await RemoveAsync();
        }
    }

    private static (string, bool, int, string) One(SwarmImageCopy copy) => (copy.Node, copy.IsCopied, copy.SentLayerCount, copy.Image);

    /// <summary>Another byte in the middle, where a layer is.</summary>
    private static async Task ChangeAsync(string file)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
    }

    private List<SwarmImageCopy> Copies(string line) => [.. session.Run(line).ThrowOnError().Objects.Cast<SwarmImageCopy>()];

    private Task RemoveAsync() =>
        Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "docker rmi -f copy/app:1 copy/base:1 >/dev/null 2>&1 || true")));

    private static string[] Copied() => Directory.GetFiles(Path.GetTempPath(), "swarmops-image-*");
}
