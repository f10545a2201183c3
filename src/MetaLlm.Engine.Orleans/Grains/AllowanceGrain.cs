using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>Holds a <see cref="SharedAllowance"/>. It is kept in memory alone: nodes tell a new holder what they have used in the last minute.</summary>
[GrainType("metallm.allowance")]
internal sealed class AllowanceGrain([FromKeyedServices(LocalServices.Key)] TimeProvider time) : Grain, IAllowanceGrain
{
    private readonly SharedAllowance _allowance = new(Random.Shared.NextInt64(1, long.MaxValue));

    /// <inheritdoc/>
    public ValueTask<AllowanceGrant> RenewAsync(AllowanceReport report) =>
        ValueTask.FromResult(_allowance.Renew(report, (double)time.GetTimestamp() / time.TimestampFrequency));
}
