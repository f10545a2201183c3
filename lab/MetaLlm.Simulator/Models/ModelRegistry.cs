using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace MetaLlm.Simulator.Models;

/// <summary>The models as they are at this moment: drift swaps them whole. Safe for concurrent use.</summary>
public sealed class ModelRegistry
{
    private readonly ImmutableArray<SimulatedModel> _initial;
    private ImmutableDictionary<string, ModelState> _states;

    internal ModelRegistry(IEnumerable<SimulatedModel> models)
    {
        _initial = [.. models];
        _states = _initial.ToImmutableDictionary(model => model.Name, model => new ModelState(model, IsDown: false), StringComparer.Ordinal);
    }

    /// <summary>Every model as it is now, in the order of the options.</summary>
    public IReadOnlyList<SimulatedModel> All
    {
        get
        {
            var states = _states;
            return [.. _initial.Select(model => states[model.Name].Model)];
        }
    }

    /// <summary>The model as it is now.</summary>
    /// <exception cref="KeyNotFoundException">No model has this name.</exception>
    public SimulatedModel Current(string name) => _states[name].Model;

    /// <summary>Finds a model as it is now.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out SimulatedModel? model)
    {
        model = _states.GetValueOrDefault(name)?.Model;
        return model is not null;
    }

    /// <summary>Whether an outage is on: every request to the model gets 503.</summary>
    /// <exception cref="KeyNotFoundException">No model has this name.</exception>
    public bool IsDown(string name) => _states[name].IsDown;

    internal void Change(string name, Func<SimulatedModel, SimulatedModel> change) =>
        Update(name, state => state with { Model = change(state.Model) });

    internal void TakeDown(string name) => Update(name, state => state with { IsDown = true });

    /// <summary>Ends an outage and brings back the skill and price of the start.</summary>
    internal void Restore(string name) => Update(name, _ => new ModelState(_initial.Single(model => model.Name == name), IsDown: false));

    private void Update(string name, Func<ModelState, ModelState> change) =>
        ImmutableInterlocked.Update(ref _states, static (states, args) => states.SetItem(args.name, args.change(states[args.name])), (name, change));

    private sealed record ModelState(SimulatedModel Model, bool IsDown);
}
