using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Admission;

/// <summary>The one place of the cluster where an allowance is held, for nodes to take slices of it.</summary>
internal interface IAllowanceHolder
{
    /// <summary>Reports what a node has used, and takes what it needs.</summary>
    /// <param name="scope">Whose allowance: a tenant, or one of its keys.</param>
    /// <param name="report">The report. Reports of one node about one scope come one after the other.</param>
    /// <param name="cancellationToken">Cancels the wait; the report may be taken all the same.</param>
    /// <exception cref="EngineUnavailableException">The holder cannot be reached.</exception>
    ValueTask<AllowanceGrant> RenewAsync(string scope, AllowanceReport report, CancellationToken cancellationToken);
}
