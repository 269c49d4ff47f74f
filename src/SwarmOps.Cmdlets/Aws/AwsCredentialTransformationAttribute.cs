using System.Management.Automation;
using SwarmOps.Aws.Session;

namespace SwarmOps.Aws;

/// <summary>Accepts any object with access keys for <c>-Credential</c>, from any copy of the AWS SDK.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AwsCredentialTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = SessionCredentials.Unwrap(inputData);
        if (value is null || ForeignCredentials.Understands(value))
            return value!;
        throw new ArgumentTransformationMetadataException(
            $"An object of type {value.GetType().FullName} contains no AWS credentials. Specify the output of Get-AWSCredential or Use-STSRole, or a PSCredential with the access key id as user name and the secret key as password."
        );
    }
}
