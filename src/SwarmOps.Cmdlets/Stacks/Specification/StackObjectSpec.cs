using System.Text.Json.Nodes;
using SwarmOps.Services.Specification;
using SwarmOps.Stacks.Model;

namespace SwarmOps.Stacks.Specification;

/// <summary>The engine's documents of the networks, secrets and configs of a stack.</summary>
internal sealed class StackObjectSpec(StackNames names)
{
    /// <summary>A network: overlay unless the file has another driver.</summary>
    public JsonObject Network(StackNetwork network)
    {
        var json = new JsonObject { ["Name"] = names.Of(network), ["Driver"] = network.Driver ?? "overlay" };
        if (network.IsInternal)
            json["Internal"] = true;
        if (network.IsAttachable)
            json["Attachable"] = true;
        if (network.EnablesIPv6)
            json["EnableIPv6"] = true;
        if (network.IpamDriver is not null || network.Subnets.Count > 0)
        {
            var ipam = json.Child("IPAM");
            ipam.SetIf("Driver", network.IpamDriver);
            if (network.IpamOptions.Count > 0)
                ipam.SetTable("Options", StackServiceSpec.Nullable(network.IpamOptions), keepsOthers: false);
            if (network.Subnets.Count > 0)
                ipam["Config"] = new JsonArray([.. network.Subnets.Select(Subnet)]);
        }

        if (network.DriverOptions.Count > 0)
            json.SetTable("Options", StackServiceSpec.Nullable(network.DriverOptions), keepsOthers: false);
        json.SetTable("Labels", names.Labels(network.Labels), keepsOthers: false);
        return json;
    }

    /// <summary>A secret or config with its value; one of a driver has none.</summary>
    public JsonObject File(StackFileObject file, string name)
    {
        var json = new JsonObject { ["Name"] = name };
        json.SetTable("Labels", names.Labels(file.Labels), keepsOthers: false);
        if (file.Value is { } value)
            json["Data"] = Convert.ToBase64String(value.Bytes.Span);
        if (file.Driver is not null)
        {
            var driver = json.Child("Driver");
            driver["Name"] = file.Driver;
            if (file.DriverOptions.Count > 0)
                driver.SetTable("Options", StackServiceSpec.Nullable(file.DriverOptions), keepsOthers: false);
        }

        if (file.TemplateDriver is not null)
            json["Templating"] = new JsonObject { ["Name"] = file.TemplateDriver };
        return json;
    }

    private static JsonObject Subnet(StackSubnet subnet)
    {
        var json = new JsonObject();
        json.SetIf("Subnet", subnet.Subnet);
        json.SetIf("IPRange", subnet.Range);
        json.SetIf("Gateway", subnet.Gateway);
        return json;
    }
}
