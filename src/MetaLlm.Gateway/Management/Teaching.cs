using MetaLlm.Core.Arms;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Onboarding;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Tenants;

namespace MetaLlm.Gateway.Management;

/// <summary>Teaches tenants from lines: warm starts and quizzes.</summary>
internal sealed class Teaching(WarmStartService service, SettingsStore settings, TenantSetups setups)
{
    /// <summary>Finds a tenant that is to be taught.</summary>
    /// <param name="tenant">Its name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ApiException">There is none of that name.</exception>
    public ValueTask<TenantSettings> FindAsync(string tenant, CancellationToken cancellationToken) => setups.NamedAsync(tenant, cancellationToken);

    /// <summary>Finds a model of a tenant.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="arm">The model.</param>
    /// <exception cref="ApiException">It has none of that name.</exception>
    public static void Require(TenantSettings tenant, string arm)
    {
        var arms = tenant.Configuration.Arms;
        if (arms.All(a => a.Id != arm))
        {
            throw new ApiException(ErrorCode.ModelNotFound, $"Tenant '{tenant.Id}' has no model '{arm}'; it has {string.Join(", ", arms.Select(a => a.Id))}.", "arm");
        }
    }

    /// <summary>Teaches the policy from queries with every model's outcome.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="lines">JSON lines.</param>
    /// <param name="cancellationToken">Cancels before anything is recorded.</param>
    /// <exception cref="ApiException">Something is wrong; the error names the line and the field.</exception>
    public Task<WarmStartReceipt> WarmStartAsync(TenantSettings tenant, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        var arms = tenant.Configuration.Arms;
        var examples = WarmStartReader.Read(lines, arms, settings.Current.Limits.WarmStartRows);
        return RefusingAsync(() => service.TeachAsync(tenant.Id, Ids(arms), examples, cancellationToken));
    }

    /// <summary>Tells the policy what one model answered.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="arm">The model; one of the tenant's.</param>
    /// <param name="lines">JSON lines.</param>
    /// <param name="cancellationToken">Cancels before anything is recorded.</param>
    /// <exception cref="ApiException">Something is wrong; the error names the line and the field.</exception>
    public Task<WarmStartReceipt> QuizAsync(TenantSettings tenant, string arm, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        var arms = tenant.Configuration.Arms;
        var examples = WarmStartReader.ReadQuiz(lines, arms, arm);
        return RefusingAsync(() => service.QuizAsync(tenant.Id, arm, Ids(arms), examples, cancellationToken));
    }

    private static List<string> Ids(IReadOnlyList<Arm> arms) => [.. arms.Select(arm => arm.Id)];

    /// <summary>Tells the client what only the tenant's owner can tell, such as an arm that it has and this configuration has not.</summary>
    private static async Task<WarmStartReceipt> RefusingAsync(Func<Task<WarmStartReceipt>> teach)
    {
        try
        {
            return await teach().ConfigureAwait(false);
        }
        catch (ArgumentException e)
        {
            throw ApiException.BadField("body", $"was refused. {e.Message}");
        }
    }
}
