namespace MetaLlm.Host;

internal static partial class EngineCatalog
{
    // Compiled only where the package feed served Orleans (see the project file).
    static partial void AddOrleans(List<EngineChoice> choices) =>
        choices.Add(new EngineChoice("orleans", Clustered: true, OrleansSetup.Add));
}
