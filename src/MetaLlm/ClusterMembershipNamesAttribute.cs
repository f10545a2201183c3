using System.ComponentModel.DataAnnotations;
using MetaLlm.Storage;

namespace MetaLlm;

/// <summary>Allows <see cref="ClusterSettings.Localhost"/> and the storage drivers that can keep the members of a cluster.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ClusterMembershipNamesAttribute()
    : AllowedValuesAttribute([ClusterSettings.Localhost, .. StorageSettings.Drivers.Where(driver => driver.Invariant is not null).Select(driver => driver.Name)]);
