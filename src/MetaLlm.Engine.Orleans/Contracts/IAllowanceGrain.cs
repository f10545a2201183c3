using MetaLlm.Engine.Admission;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>Holds one allowance for all nodes; the key is its scope: a tenant, or a tenant with one of its keys.</summary>
[Alias("metallm.2.allowance")]
internal interface IAllowanceGrain : IGrainWithStringKey
{
    /// <summary>See <see cref="IAllowanceHolder.RenewAsync"/>.</summary>
    [Alias("renew"), ResponseTimeout("00:00:05")]
    ValueTask<AllowanceGrant> RenewAsync(AllowanceReport report);
}
