namespace MetaLlm.WebConsole;

/// <summary>Names the texts of the console's frame. Keys are the English texts; <c>Resources/Texts.de.resx</c> holds the German ones.</summary>
internal sealed class Texts;
