using System.Collections;
using System.Management.Automation;

namespace SwarmOps.Aws.Provision;

/// <summary>Makes a hashtable parameter with values by region also accept a single value, for one region.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RegionalValueTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            null => value!,
            Hashtable => value,
            IDictionary table => new Hashtable(table),
            _ => new Hashtable { [RegionalValues.AnyRegion] = value },
        };
    }
}
