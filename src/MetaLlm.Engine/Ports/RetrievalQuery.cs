using System.Text;

namespace MetaLlm.Engine.Ports;

/// <summary>What a retriever is asked.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Question">Text of the last user message; empty where no user spoke. Never printed.</param>
/// <param name="Task">The task that the client named; null for none.</param>
/// <param name="DecisionId">The decision.</param>
/// <param name="Arm">The arm that is to answer.</param>
public sealed record RetrievalQuery(string Tenant, string Question, string? Task, string DecisionId, string Arm)
{
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Tenant = ").Append(Tenant).Append(", DecisionId = ").Append(DecisionId).Append(", Arm = ").Append(Arm);
        return true;
    }
}
