using System.ComponentModel.DataAnnotations;

namespace MetaLlm.Storage;

/// <summary>Allows the names of the drivers.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class StorageKindAttribute() : AllowedValuesAttribute([.. StorageSettings.Drivers.Select(driver => driver.Name)]);
