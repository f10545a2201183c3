using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("MetaLlm.Embeddings.Tests")]
[assembly: InternalsVisibleTo("ModelTool")]
