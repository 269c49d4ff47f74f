using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmOps.Nodes.Preflight;

namespace SwarmOps.Tests.Unit;

/// <summary>The list of the engine's defects: each row hits what it says and nothing else, and a row that contradicts itself is no list.</summary>
public sealed class EngineDefectTests
{
    private static readonly EngineDefectList List = EngineDefectList.Known;

    public static TheoryData<string> Ids => new(List.Defects.Select(defect => defect.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_row_hits_its_first_release_and_the_last_before_its_fix_and_neither_the_fix_nor_what_came_before(string id)
    {
        var defect = List.Defects.Single(row => row.Id == id);
        foreach (var releases in defect.Affected)
        {
            Assert.True(defect.IsIn(releases.From), $"{releases.From}");
            Assert.True(defect.IsIn(releases.From with { IsPreRelease = true }), $"the pre-release of {releases.From}");
            if (Before(releases.From) is { } before)
                Assert.False(defect.IsIn(before), $"{before}");
            if (releases.Fixed is not { } repaired)
            {
                Assert.True(defect.IsIn(List.NewestRelease), $"{List.NewestRelease}");
                Assert.True(defect.IsIn(new EngineRelease(99, 0, 0)), "a release that is not known yet");
                continue;
            }

            Assert.False(defect.IsIn(repaired), $"{repaired}");
            Assert.True(defect.IsIn(repaired with { IsPreRelease = true }), $"the pre-release of {repaired}");
            if (Before(repaired) is { } last)
                Assert.True(defect.IsIn(last), $"{last}");
        }

        if (defect.Recommended is { } recommended)
            Assert.False(defect.IsIn(recommended), $"{recommended}");
    }

    [Theory]
    [InlineData("encrypted-overlay-spi", "25.0.12 28.2.1 28.5.2 29.2.1 26.1.5", "25.0.13 25.0.14 28.2.2 29.0.0 29.1.5 29.2.0")]
    [InlineData(
        "encrypted-overlay-plaintext",
        "20.10.24 20.10.24+dfsg1 20.10.27 23.0.3 23.0.9 24.0.0 28.5.2",
        "20.10.0 20.10.23 19.03.15 23.0.0 23.0.2"
    )]
    [InlineData("names-lost-after-cut", "20.10.24 26.1.5 28.5.2+dfsg4", "29.0.0-rc.1 29.0.0 29.6.2 29.7.2 30.0.0")]
    [InlineData(
        "gossip-port-kept",
        "25.0.13 25.0.17 28.3.0 28.5.2 29.0.0",
        "20.10.24+dfsg1 25.0.12 26.1.5+dfsg1 27.5.1 28.2.2 28.3.0-rc.1"
    )]
    [InlineData("scheduler-endless-loop", "25.0.12 28.3.0 29.0.0", "20.10.24 24.0.9 26.1.5 28.2.2")]
    [InlineData("raft-snapshot-panic", "28.5.2 29.0.4 29.5.0", "29.1.0 29.2.1 29.4.3")]
    [InlineData("promotion-stuck", "23.0.13 25.0.6 26.1.4 26.1.5 27.0.1", "20.10.24 23.0.12 24.0.9 25.0.5 26.1.3")]
    public void What_the_sources_say_of_well_known_releases(string id, string without, string with)
    {
        var defect = List.Defects.Single(row => row.Id == id);
        Assert.All(without.Split(' '), text => Assert.False(defect.IsIn(EngineRelease.TryParse(text)!.Value), text));
        Assert.All(with.Split(' '), text => Assert.True(defect.IsIn(EngineRelease.TryParse(text)!.Value), text));
    }

    /// <summary>The engines of the lab: what an administrator of Debian's and of Docker's last 28 is told.</summary>
    [Theory]
    [InlineData("28.5.2", "networkdb-stuck-entries firewalld-reload-ingress bulk-sync-wait")]
    [InlineData("26.1.5", "scheduler-endless-loop networkdb-stuck-entries gossip-port-kept firewalld-reload-ingress bulk-sync-wait")]
    [InlineData(
        "20.10.24",
        "scheduler-endless-loop networkdb-stuck-entries gossip-port-kept promotion-stuck raft-large-message-timeout encrypted-overlay-port firewalld-reload-ingress bulk-sync-wait"
    )]
    public void The_defects_of_the_labs_engines(string version, string ids) =>
        Assert.Equal(ids.Split(' '), List.In(EngineRelease.TryParse(version)!.Value).Select(defect => defect.Id));

    [Fact]
    public void The_release_that_is_recommended_for_new_nodes_has_no_severe_defect() =>
        Assert.DoesNotContain(List.In(new EngineRelease(28, 5, 2)), defect => defect.Severity == DefectSeverity.High);

    [Fact]
    public void Each_row_is_told_by_moby_itself() =>
        Assert.All(
            List.Defects,
            defect =>
                Assert.All(
                    defect.Sources,
                    source =>
                        Assert.Matches(
                            @"^https://github\.com/moby/(moby|swarmkit)/(issues|pull|commit|security/advisories)/",
                            source.ToString()
                        )
                )
        );

    [Theory]
    [InlineData("id", "\"Not An Id\"", "an id is of")]
    [InlineData("title", "\"\"", "clauses")]
    [InlineData("condition", "\"when it rains.\"", "clauses")]
    [InlineData("consequence", "\"no full stop\"", "sentences")]
    [InlineData("action", "\"Stay.\"", "named in the action")]
    [InlineData("handling", "\"one | two.\"", "table")]
    [InlineData("sources", "[]", "source")]
    [InlineData("sources", "[\"http://example.com/\"]", "https")]
    [InlineData("affected", "[]", "affected releases")]
    [InlineData("affected", "[{\"from\":\"20.10.5\",\"fixed\":\"20.10.5\"}]", "after the defect")]
    [InlineData("affected", "[{\"from\":\"20.10.5\",\"fixed\":null},{\"from\":\"23.0.0\",\"fixed\":\"23.0.1\"}]", "overlap")]
    [InlineData("affected", "[{\"from\":\"23.0.0\",\"fixed\":\"23.0.1\"},{\"from\":\"20.10.5\",\"fixed\":\"20.10.6\"}]", "in order")]
    [InlineData("affected", "[{\"from\":\"20.10.0\",\"fixed\":\"99.0.0\"}]", "newest that was looked at")]
    [InlineData("affected", "[{\"from\":\"20.10\",\"fixed\":null}]", "28.5.2 is expected")]
    [InlineData("affected", "[{\"from\":\"20.10.0-rc1\",\"fixed\":null}]", "28.5.2 is expected")]
    [InlineData("recommended", "\"20.10.1\"", "recommended release")]
    [InlineData("severity", "\"dreadful\"", "severity")]
    [InlineData("severity", "1", "severity")]
    [InlineData("role", "null", "role")]
    [InlineData("sevrity", "\"high\"", "sevrity")]
    public void A_row_that_is_wrong_is_refused_by_name(string field, string value, string expected)
    {
        var list = Example();
        list["defects"]![0]![field] = JsonNode.Parse(value);
        Assert.Contains(
            expected,
            Assert.Throws<JsonException>(() => EngineDefectList.Parse(list.ToJsonString())).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("id")]
    [InlineData("title")]
    [InlineData("affected")]
    [InlineData("severity")]
    [InlineData("role")]
    [InlineData("condition")]
    [InlineData("consequence")]
    [InlineData("action")]
    [InlineData("sources")]
    public void A_row_that_lacks_something_is_refused(string field)
    {
        var list = Example();
        list["defects"]![0]!.AsObject().Remove(field);
        Assert.Contains(
            field,
            Assert.Throws<JsonException>(() => EngineDefectList.Parse(list.ToJsonString())).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_row_that_occurs_twice_is_refused()
    {
        var list = Example();
        list["defects"]!.AsArray().Add(list["defects"]![0]!.DeepClone());
        Assert.Contains(
            "two-things: occurs twice",
            Assert.Throws<JsonException>(() => EngineDefectList.Parse(list.ToJsonString())).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_example_that_these_rows_are_made_from_is_right() =>
        Assert.Single(EngineDefectList.Parse(Example().ToJsonString()).Defects);

    private static JsonObject Example() =>
        JsonNode
            .Parse(
                """
                {
                  "newestRelease": "29.7.2",
                  "checkedOn": "2026-08-23",
                  "defects": [
                    {
                      "id": "two-things",
                      "title": "two things are one",
                      "affected": [ { "from": "20.10.0", "fixed": "20.10.5" } ],
                      "severity": "low",
                      "role": "any",
                      "condition": "any",
                      "consequence": "One is missing.",
                      "recommended": "20.10.5",
                      "action": "Update to 20.10.5.",
                      "sources": [ "https://github.com/moby/moby/issues/1" ]
                    }
                  ]
                }
                """
            )!
            .AsObject();

    /// <summary>The release before one of its line; null for the first of a line.</summary>
    private static EngineRelease? Before(EngineRelease release) => release.Patch > 0 ? release with { Patch = release.Patch - 1 } : null;
}
