using MetaLlm.Simulator.Drift;

namespace MetaLlm.Simulator.Http;

/// <summary>The body of POST /sim/drift.</summary>
internal sealed record DriftBody(string? Kind, string? Model, string? Task, double? Ability, PriceBody? Price, long? AfterRequests, DateTimeOffset? At)
{
    public DriftEvent ToEvent()
    {
        if (!EnumNames.TryParse<DriftKind>(Kind, out var kind))
        {
            throw new FieldException("kind", $"kind: '{Kind}' is not one of {EnumNames.List<DriftKind>()}.");
        }

        SimTaskType? type = null;
        if (Task is not null)
        {
            type = EnumNames.TryParse<SimTaskType>(Task, out var named) ? named : throw new FieldException("task", $"task: '{Task}' is not one of {EnumNames.List<SimTaskType>()}.");
        }

        return new DriftEvent { Kind = kind, Model = Model ?? string.Empty, TaskType = type, Ability = Ability, Price = Price?.ToPrice(), AfterRequests = AfterRequests, At = At };
    }
}
