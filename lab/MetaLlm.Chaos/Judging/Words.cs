using System.Globalization;
using MetaLlm.Chaos.Cluster;
using MetaLlm.Chaos.Faults;
using MetaLlm.Chaos.Load;

namespace MetaLlm.Chaos.Judging;

/// <summary>What a client saw during a fault, for readers of a report. Times are seconds since the fault began.</summary>
internal static class Words
{
    /// <summary>A time.</summary>
    public static double After(FaultRecord fault, TimeSpan time) => Math.Round((time - fault.Start).TotalSeconds, 2);

    /// <summary>An attempt that came to nothing.</summary>
    public static string Of(FaultRecord fault, ClientError error) => string.Create(
        CultureInfo.InvariantCulture,
        $"{TenantKeys.Id(error.Tenant)} at host {error.Host}: {error.Label}, {After(fault, error.Start)} to {After(fault, error.At)} s");

    /// <summary>An answer, and what came before it.</summary>
    public static string Of(FaultRecord fault, Operation operation, IEnumerable<ClientError> errors) => string.Create(
        CultureInfo.InvariantCulture,
        $"{TenantKeys.Id(operation.Tenant)} {(operation.IsChat ? "answered" : "heard")} by host {operation.Host}, {After(fault, operation.Start)} to {After(fault, operation.End)} s{Before(errors)}");

    private static string Before(IEnumerable<ClientError> errors) => string.Concat(errors.Select(error => string.Create(
        CultureInfo.InvariantCulture, $" ({error.Label} at host {error.Host} for {(error.At - error.Start).TotalSeconds:0.00} s)")));
}
