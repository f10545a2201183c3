using System.Collections.Concurrent;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Objections;

/// <summary>Remembers what models took only after a change, so that the next request to them is changed at once. Lives as long as the process.</summary>
internal sealed class CureBook
{
    /// <summary>Most models of which something is remembered; those beyond fail first in every call.</summary>
    private const int MostModels = 4096;

    private readonly ConcurrentDictionary<(Uri Address, string Model, CallKind Kind), Cures> _cures = new();

    public Cures For(ChatCall call) => _cures.GetValueOrDefault(Key(call), Cures.None);

    /// <summary>Remembers changes with which a model has taken a request.</summary>
    public void Remember(ChatCall call, Cures cures)
    {
        if (_cures.Count < MostModels || _cures.ContainsKey(Key(call)))
        {
            _cures.AddOrUpdate(Key(call), cures, (_, known) => known.And(cures));
        }
    }

    private static (Uri Address, string Model, CallKind Kind) Key(ChatCall call) => (call.Endpoint.BaseAddress, call.Model, call.Kind);
}
