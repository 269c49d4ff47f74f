namespace SwarmOps.Tests.Lab;

/// <summary>What every test of shared folders stands on: a swarm with an overlay and Syncthing's image, and no folder yet.</summary>
internal sealed class FolderGround(LabFixture lab, Session session, string version = "1.29")
{
    public const string Data = "/srv/folder/uploads";

    private const string Marks = "! -path './.stfolder/*' ! -name '.swarmops-*' ! -name '.syncthing.*'";

    /// <summary>The nodes of the swarm.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; private set; } = [];

    /// <summary>The lab's image, which no registry knows.</summary>
    public string Image => $"-Image lab/syncthing:{version} -NoResolveImage";

    /// <summary>The line that makes the folder.</summary>
    public string Line => $"$n | New-SwarmSharedFolder -Name uploads -Path {Data} -Overlay files {Image}";

    /// <summary>Forms swarm and overlay, and takes away what an earlier test left. The lab's kernel has no ESP.</summary>
    public async Task FormAsync()
    {
        await ServiceSwarm.LoadAsync(lab, $"lab/syncthing:{version}", $"syncthing:{version}");
        Nodes = await ServiceSwarm.FormAsync(lab, session);
        await WipeAsync();
        session.Run("$n | New-EncryptedOverlay -Name files -Unencrypted -WarningAction SilentlyContinue", ("n", Nodes)).ThrowOnError();
    }

    /// <summary>Makes the folder and returns it.</summary>
    public SwarmSharedFolder Make(string more = "") =>
        (SwarmSharedFolder)session.Run($"{Line} {more}", ("n", Nodes)).ThrowOnError().Objects.Single();

    /// <summary>The folder, as the module sees it.</summary>
    public SwarmSharedFolder Get() =>
        (SwarmSharedFolder)session.Run("$n | Get-SwarmSharedFolder -Name uploads", ("n", Nodes)).ThrowOnError().Objects.Single();

    /// <summary>The folder when all copies are alike again by themselves.</summary>
    public async Task<SwarmSharedFolder> InSyncAsync(TimeSpan limit)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var folder = Get();
            if (folder.Status == SwarmSharedFolderStatus.InSync)
                return folder;
            if (clock.Elapsed > limit)
                throw new TimeoutException(
                    $"{folder.Status} after {limit.TotalSeconds:0} s: {string.Join(", ", folder.Copies)}. {string.Join("; ", folder.Findings)}"
                );
            await Task.Delay(1000, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Runs a script on every host at the same time.</summary>
    public Task<string[]> OnAllAsync(string script) => Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, script)));

    /// <summary>Number of files and the hash of all names and contents on each host, by programs of the host.</summary>
    public async Task<IReadOnlyList<string>> HashesAsync() =>
        [
            .. (
                await OnAllAsync(
                    $"cd {Data} && find . -type f {Marks} -exec sha256sum {{}} + | sort -k 2 >/tmp/hashes; wc -l </tmp/hashes; sha256sum </tmp/hashes"
                )
            ).Select(text => text.Trim()),
        ];

    /// <summary>The same files are on all hosts, and this many.</summary>
    public async Task AssertAlikeAsync(int files)
    {
        var hashes = await HashesAsync();
        Assert.Single(hashes.Distinct());
        Assert.StartsWith($"{files}\n", hashes[0], StringComparison.Ordinal);
    }

    /// <summary>Takes away services, what they were given, their containers and data.</summary>
    public async Task WipeAsync()
    {
        await ServiceSwarm.ManagerAsync(lab, "for id in $(docker service ls -q); do docker service rm $id >/dev/null; done");
        await OnAllAsync(
            "for try in $(seq 100); do pkill -9 -x syncthing; [ -n \"$(docker ps -q)\" ] || break; sleep 0.3; done; rm -rf /srv/folder /var/lib/swarmops"
        );
        await ServiceSwarm.ManagerAsync(
            lab,
            "for id in $(docker secret ls -q); do docker secret rm $id >/dev/null; done; for id in $(docker config ls -q); do docker config rm $id >/dev/null; done"
        );
    }

    /// <summary>What exists in the swarm, with versions: the same as long as nobody changes anything.</summary>
    public Task<string> VersionsAsync() =>
        ServiceSwarm.ManagerAsync(
            lab,
            "docker service inspect -f '{{.Spec.Name}} {{.Version.Index}}' $(docker service ls -q) 2>/dev/null | sort; docker secret ls -q | sort; docker config ls --format '{{.ID}} {{.Name}}' | grep -v swarmops.lock | sort"
        );

    /// <summary>Writes a figure to the output, and to the file that SWARMOPS_FOLDER_FIGURES names.</summary>
    public static void Say(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Environment.GetEnvironmentVariable("SWARMOPS_FOLDER_FIGURES") is { Length: > 0 } file)
            File.AppendAllText(file, line + Environment.NewLine);
    }
}
