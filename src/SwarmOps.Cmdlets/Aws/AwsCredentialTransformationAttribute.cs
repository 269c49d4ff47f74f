using System.Management.Automation;

namespace SwarmOps.Aws;

/// <summary>Takes any object for <c>-Credential</c> that keys can be read from, whichever copy of the AWS SDK its type belongs to.</summary>
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
            $"An object of type {value.GetType().FullName} holds no AWS credentials. Give what Get-AWSCredential or Use-STSRole returned, or a PSCredential with the access key id as its user name and the secret key as its password.");
    }
}
