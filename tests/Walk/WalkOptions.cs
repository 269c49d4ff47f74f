using System.Globalization;

namespace SwarmOps.Tests.Walk;

/// <summary>What a walk was asked for.</summary>
/// <param name="Seed">The seed of every random choice.</param>
/// <param name="Minutes">No step begins later than this after the first.</param>
/// <param name="HasGalera">Whether there is a database, with writers, and lines about it.</param>
/// <param name="HasEc2">Whether the hosts are instances of the lab's EC2 endpoint, with lines about the firewall.</param>
/// <param name="KeepsLab">Whether the lab stays up after a violation.</param>
/// <param name="LabName">A lab that is up already, whose engines are made bare; it stays up. Null for one of the walk's own.</param>
internal sealed record WalkOptions(int Seed, double Minutes, bool HasGalera, bool HasEc2, bool KeepsLab, string? LabName = null)
{
    /// <summary>Reads the command line.</summary>
    /// <exception cref="ArgumentException">There is a word that is none of the options.</exception>
    public static WalkOptions Parse(IReadOnlyList<string> words)
    {
        var options = new WalkOptions((int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() % 1_000_000), 2, false, false, false);
        for (var index = 0; index < words.Count; index++)
        {
            options = words[index] switch
            {
                "--seed" => options with { Seed = int.Parse(words[++index], CultureInfo.InvariantCulture) },
                "--minutes" => options with { Minutes = double.Parse(words[++index], CultureInfo.InvariantCulture) },
                "--galera" => options with { HasGalera = true },
                "--ec2" => options with { HasEc2 = true },
                "--lab" => options with { LabName = words[++index] },
                "--keep-lab" => options with { KeepsLab = true },
                var word => throw new ArgumentException($"'{word}' is not an option of the walk."),
            };
        }

        return options;
    }

    /// <summary>The line that makes the same choices again.</summary>
    public string ReplayLine =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"./build.sh walk -Seed {Seed} -Minutes {Minutes} -Galera {(HasGalera ? "On" : "Off")}{(HasEc2 ? " -Ec2" : "")}"
        );
}
