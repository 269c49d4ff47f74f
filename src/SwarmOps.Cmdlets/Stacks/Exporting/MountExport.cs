using System.Text.Json.Nodes;

namespace SwarmOps.Stacks.Exporting;

/// <summary>A mount of the engine as a mount of a Compose file.</summary>
/// <param name="objects">The objects of the file.</param>
internal sealed class MountExport(ObjectExport objects)
{
    public JsonObject Create(JsonObject mount)
    {
        var type = (string?)mount["Type"] ?? "bind";
        var json = new JsonObject { ["type"] = type };
        var source = (string?)mount["Source"] ?? "";
        if (source.Length > 0)
            json["source"] = type == "volume" ? objects.Volume(source, mount["VolumeOptions"] as JsonObject) : source;
        json["target"] = (string?)mount["Target"] ?? "";
        ServiceExport.Copy(mount, "ReadOnly", json, "read_only");
        ServiceExport.Copy(mount, "Consistency", json, "consistency");
        ServiceExport.Set(json, "bind", Bind(mount["BindOptions"] as JsonObject ?? []));
        ServiceExport.Set(json, "volume", Volume(mount["VolumeOptions"] as JsonObject ?? []));
        var tmpfs = new JsonObject();
        if ((long?)mount["TmpfsOptions"]?["SizeBytes"] is { } size and > 0)
            tmpfs["size"] = Amounts.Bytes(size);
        if ((long?)mount["TmpfsOptions"]?["Mode"] is { } mode and > 0)
            tmpfs["mode"] = Amounts.Mode(mode);
        ServiceExport.Set(json, "tmpfs", tmpfs);
        return json;
    }

    private static JsonObject Bind(JsonObject options)
    {
        var json = new JsonObject();
        if ((string?)options["Propagation"] is { Length: > 0 } propagation and not "rprivate")
            json["propagation"] = propagation;
        if ((bool?)options["NonRecursive"] is true)
            json["recursive"] = "disabled";
        else if ((bool?)options["ReadOnlyNonRecursive"] is true)
            json["recursive"] = "writable";
        else if ((bool?)options["ReadOnlyForceRecursive"] is true)
            json["recursive"] = "readonly";
        return json;
    }

    private static JsonObject Volume(JsonObject options)
    {
        var json = new JsonObject();
        ServiceExport.Copy(options, "NoCopy", json, "nocopy");
        ServiceExport.Copy(options, "Subpath", json, "subpath");
        return json;
    }
}
