namespace MetaLlm.Host;

internal static partial class EngineCatalog
{
    static partial void AddOrleans(List<EngineChoice> choices) =>
        choices.Add(new EngineChoice("orleans", Clustered: true, OrleansSetup.Add));
}
