using System.Net.Http.Headers;
using System.Xml.Linq;

namespace SwarmOps.Tests.Walk;

/// <summary>The security groups of the lab's EC2 endpoint, asked without the module.</summary>
internal static class Firewall
{
    public const string Cluster = "walk";

    /// <summary>What differs between the groups' rules for the swarm's control port and the set of hosts.</summary>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(WalkLab lab)
    {
        var broken = new List<string>();
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        foreach (var region in lab.Regions)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, lab.Ec2EndpointUrl);
            request.Content = new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["Action"] = "DescribeSecurityGroups",
                    ["Version"] = "2016-11-15",
                    ["Filter.1.Name"] = "tag:swarmops:cluster",
                    ["Filter.1.Value.1"] = Cluster,
                }
            );
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "AWS4-HMAC-SHA256",
                $"Credential=test/20200101/{region}/ec2/aws4_request, SignedHeaders=host, Signature=none"
            );
            using var answer = await client.SendAsync(request);
            var document = XDocument.Parse(await answer.Content.ReadAsStringAsync());
            var rules = document
                .Descendants()
                .Where(element => element.Name.LocalName == "ipPermissions")
                .Elements()
                .Where(rule => Value(rule, "fromPort") == "2377");
            var open = rules
                .Descendants()
                .Where(element => element.Name.LocalName == "cidrIp")
                .Select(element => element.Value)
                .Distinct()
                .Order(StringComparer.Ordinal)
                .ToList();
            var own = lab.Hosts.Where(host => host.Region == region).ToList();
            var wanted = lab
                .Hosts.Where(host => own.Count > 1 || host.Region != region)
                .Select(host => host.PublicAddress + "/32")
                .Order(StringComparer.Ordinal)
                .ToList();
            if (!open.SequenceEqual(wanted))
                broken.Add($"expected 2377/tcp in {region} to be open to {string.Join(", ", wanted)}; seen: {string.Join(", ", open)}");
        }

        return broken;
    }

    private static string? Value(XElement parent, string name) =>
        parent.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
}
