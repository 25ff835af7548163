import CommandLineTool
import Retrieval

TFRSRun.main(catalog: .builtIn)
