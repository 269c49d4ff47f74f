namespace SwarmOps.Services.Images;

/// <summary>The errors of images on nodes, each with its id and the next step (docs/errors/services.md).</summary>
internal static class ImageErrors
{
    public static SwarmOpsException ImageNowhere(string image) =>
        new(
            ErrorKind.NotFound,
            $"No node of the set that answered has the image '{image}', so there is nothing to copy it from.",
            "Check the name (docker images on a node), pass the node that has it too, or copy it from an archive with -Path.",
            image
        );

    public static SwarmOpsException ImageNotOnSource(string image, string node) =>
        new(
            ErrorKind.NotFound,
            $"'{node}' does not have the image '{image}'.",
            "Specify a node that has it with -From, or omit -From.",
            image
        );

    public static SwarmOpsException ImagesDiffer(string image, IEnumerable<string> places) =>
        new(
            ErrorKind.InvalidState,
            $"The nodes have different images under the name '{image}': {string.Join("; ", places)}. Nothing was changed.",
            "Specify with -From the node whose image is the right one.",
            image
        );

    public static SwarmOpsException ImageNameHasDigest(string image) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{image}' names an image by its digest in a registry, and an engine keeps no such name of an image that was copied to it.",
            "Name the image by its tag, and create its services with -NoResolveImage, so that they ask for the tag.",
            image
        );

    public static SwarmOpsException ImageArchiveInvalid(string source, string why) =>
        new(
            ErrorKind.InvalidData,
            $"The archive of {source} cannot be used: {why}. Nothing was sent.",
            "Make it again with docker save -o file.tar name:tag. An archive that is incomplete or was changed is not used.",
            source
        );

    public static SwarmOpsException ImageArchiveNotFound(string path, string why) =>
        new(
            ErrorKind.NotFound,
            $"The archive '{path}' cannot be read: {why.TrimEnd('.')}.",
            "Specify with -Path a file that docker save wrote.",
            path
        );

    public static SwarmOpsException TemporarySpaceTooSmall(string folder, string image, long needed, long free) =>
        new(
            ErrorKind.InvalidState,
            $"The image '{image}' takes up to {EngineImage.Megabytes(needed)} while it is copied, and {folder} has {EngineImage.Megabytes(free)} free. Nothing was sent.",
            "Let TMPDIR (on Windows TEMP) name a folder with enough space, or save the image with docker save and use -Path.",
            folder
        );

    public static SwarmOpsException NodeSpaceTooSmall(SwarmNode node, string image, long needed, long free) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' has {EngineImage.Megabytes(free)} free on the engine's disk, and loading '{image}' takes up to {EngineImage.Megabytes(needed)}. Nothing was sent to it.",
            "Remove unused images with Clear-SwarmImage, or enlarge the disk.",
            node
        );

    public static SwarmOpsException NodeDiskFull(SwarmNode node, string image, string words) =>
        new(
            ErrorKind.InvalidState,
            $"The engine's disk on '{node.Name}' became full while the image '{image}' was loaded: {words.TrimEnd('.')}. The image was not loaded.",
            "Remove unused images with Clear-SwarmImage, or enlarge the disk, then run the same command again.",
            node
        );

    public static SwarmOpsException ImagePlatformDiffers(SwarmNode node, string image, string platform, string own) =>
        new(
            ErrorKind.InvalidArgument,
            $"The image '{image}' is for {platform}, and '{node.Name}' is {own}. Nothing was sent to it.",
            "Copy an image that was built for this platform, or leave the node out with -To.",
            node
        );

    public static SwarmOpsException ImageNotLoaded(SwarmNode node, string image, string words) =>
        new(
            ErrorKind.Engine,
            $"The engine of '{node.Name}' did not load the image '{image}': {words.TrimEnd('.')}.",
            "Check the engine's log on the node (journalctl -u docker) and its disk (df -h), then run the same command again.",
            node
        );

    public static SwarmOpsException ImageCopyDiffers(SwarmNode node, string image, string found) =>
        new(
            ErrorKind.InvalidData,
            $"'{node.Name}' loaded the image '{image}', but has {found} under this name now: somebody else may have changed it at the same time.",
            "Run the same command again.",
            node
        );
}
